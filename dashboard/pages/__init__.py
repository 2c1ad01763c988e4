"""The pages of the dashboard, and what their buttons do. Only for the staff."""
