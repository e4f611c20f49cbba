"""Who takes which case: rules, skills, automatic answers, escalations, and notes handed on between shifts."""
