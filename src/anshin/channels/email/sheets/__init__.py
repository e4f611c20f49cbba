"""The sheet "received = shown": a mailbox compared with its ledger."""
