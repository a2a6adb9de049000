"""Who is told what, when and how: notices, digest, escalation, absence, mail, calendar."""
