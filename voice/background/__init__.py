"""What is done once a turn is over, by durable jobs in the database: embedding, distilling facts,
summarising, giving titles. Whoever stores something defers a job by its name, and knows nothing of
this package (conversations/jobs.py)."""
