"""Fisher's F through the incomplete beta function, exact in its upper tail."""

from andon.stats.special import beta_quantile, betainc


def f_upper(f: float, df1: float, df2: float) -> float:
    """P(F > f).

    >>> round(f_upper(3.885293834652391, 2, 12), 12)
    0.05
    """
    return betainc(df2 / 2, df1 / 2, df2 / (df2 + df1 * f))


def f_quantile(p: float, df1: float, df2: float) -> float:
    """The f with P(F <= f) = p.

    >>> round(f_quantile(0.95, 2, 12), 9)
    3.885293835
    """
    share = beta_quantile(1 - p, df2 / 2, df1 / 2)
    return df2 / df1 * (1 - share) / share
