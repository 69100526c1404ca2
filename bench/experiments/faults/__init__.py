"""What does each style of testing see? Small deliberate bugs of an application, and who notices them.

    faults.toml + witnesses -> fault sets -> copies -> runs (fault x arm x backend) -> verdicts -> matrix, comparison

`subject/` runs in the subject's interpreter and imports nothing of the harness.
"""
