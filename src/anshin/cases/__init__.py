"""Cases: the one work item of staff, with its messages, notes and timeline."""
