"""What is kept on the disk: a run, its trials, and what is remembered from run to run."""
