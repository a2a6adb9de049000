"""Student's t of one difference, from a sample's mean and scatter."""

from dataclasses import dataclass

from andon.stats.inputs import ROUNDING, Floats
from andon.stats.results import Value
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, too_few
from andon.stats.special import t_cdf, t_quantile
from andon.stats.summary import accurate_mean, scatter

FOR_SCATTER = 2


@dataclass(frozen=True, kw_only=True)
class TTest(Value):
    """Student's t of a difference with its degrees of freedom, two-sided p and interval."""

    t: float | None = None
    df: float | None = None
    p: float | None = None
    ci: list[float] | None = None


@dataclass(frozen=True)
class Sample:
    n: int
    mean: float | None
    sd: float | None

    @classmethod
    def of(cls, x: Floats, magnitude: float = 0.0) -> "Sample":
        """Summary of ``x``; scatter that is only the rounding of ``magnitude`` counts as none."""
        sd = scatter(x)
        if sd is not None and sd <= ROUNDING * magnitude:
            sd = 0.0
        return cls(int(x.size), accurate_mean(x) if x.size else None, sd)


def t_test(difference: float, error: float, df: float, level: float) -> TTest:
    if not error:
        return TTest(df=df)
    t = difference / error
    half = t_quantile(0.5 + level / 2, df) * error
    return TTest(t=t, df=df, p=2 * t_cdf(-abs(t), df), ci=[difference - half, difference + half])


def sample_warnings(*samples: Sample) -> tuple[Sentence, ...]:
    if any(not sample.n for sample in samples):
        return (NO_DATA,)
    if any(sample.sd is None for sample in samples):
        return (too_few(FOR_SCATTER),)
    return (ZERO_VARIANCE,) if not any(sample.sd for sample in samples) else ()
