"""What the user wrote down beforehand, read and checked: contenders, variations and claims."""
