"""Amazon Data Firehose: direct put, transformation by a function, delivery to S3."""
