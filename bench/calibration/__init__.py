"""The method tried on noise whose truth is known: `python -m bench.calibration`.

noise -> campaign -> judged -> tables (with rivals beside) -> the terminal. The warm block is left out: it is never
analysed.
"""
