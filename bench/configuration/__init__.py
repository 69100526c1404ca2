"""What the user wrote down beforehand, read and checked: contenders, variants and claims."""
