"""What pages and panels are made of: plain controls with the studio's look, and the few that have scripts of their own."""
