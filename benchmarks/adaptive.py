"""How soon an article is found, and with how many requests: `every: adaptive` against fixed intervals.

    python benchmarks/adaptive.py [--weeks 26] [--seed 1]

Sources of the kinds below publish for weeks, in Shanghai; the first four weeks are learned from and not counted. Each
is read by the product's own decision, again at a fixed interval of 30 minutes, and at the fixed interval that makes
as many requests as the adaptive one did. Time is simulated: no clock, no network. A delay runs from publication to the
read that finds the article.
"""

from __future__ import annotations

import argparse
import random
import statistics
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from feedservice.schedule.adapting import Bounds, next_read

ZONE = "Asia/Shanghai"
START = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
LEARNING = timedelta(days=28)
BOUNDS = Bounds(timedelta(minutes=5), timedelta(hours=6))
Pattern = Callable[[random.Random, int], list[float]]
"""The hours of one day, counted from its local midnight on a Monday as day 0, at which something is published."""


def at_nine(rng: random.Random, day: int) -> list[float]:
    return [9 + rng.gauss(0, 0.08)] if day % 7 < 5 else []


def office(rng: random.Random, day: int) -> list[float]:
    if day % 7 >= 5:
        return []
    return [hour for hour in (rng.uniform(8.5, 17.5) for _ in range(rng.randint(1, 6))) if not 12 <= hour <= 13.5]


def three_times(rng: random.Random, day: int) -> list[float]:
    return [hour + rng.uniform(0, 0.5) for hour in (7, 12, 18)]


def agency(rng: random.Random, day: int) -> list[float]:
    return [rng.uniform(6, 23) for _ in range(40)] + [rng.uniform(0, 24) for _ in range(4)]


def fridays(rng: random.Random, day: int) -> list[float]:
    return [16 + rng.gauss(0, 0.5)] if day % 7 == 4 else []


def blog(rng: random.Random, day: int) -> list[float]:
    return [rng.uniform(0, 24)] if rng.random() < 0.3 else []


PATTERNS: dict[str, Pattern] = {
    "weekdays at nine": at_nine,
    "office hours, 1 to 6 a day": office,
    "three times a day": three_times,
    "news agency, 44 a day": agency,
    "Fridays at four": fridays,
    "blog, any time, 2 a week": blog,
}


def published(pattern: Pattern, weeks: int, seed: int) -> list[datetime]:
    rng = random.Random(seed)
    return sorted(START + timedelta(days=day, hours=hour) for day in range(weeks * 7) for hour in pattern(rng, day))


def read_adaptively(articles: Sequence[datetime], end: datetime) -> list[datetime]:
    now, reads = START, []
    while now < end:
        reads.append(now)
        seen = bisect_left(articles, now)
        now = next_read(articles[max(0, seen - 200) : seen], now, BOUNDS, ZONE)
    return reads


def read_every(interval: timedelta, end: datetime) -> list[datetime]:
    count = int((end - START) / interval) + 1
    return [START + number * interval for number in range(count)]


def measure(articles: Sequence[datetime], reads: Sequence[datetime]) -> tuple[float, float, float]:
    """Requests a day, the mean delay and that of the slowest tenth in minutes, after the learning."""
    counted = [instant for instant in articles if START + LEARNING <= instant < reads[-1]]
    delays = sorted((reads[bisect_left(reads, instant)] - instant).total_seconds() / 60 for instant in counted)
    late = [instant for instant in reads if instant >= START + LEARNING]
    days = (late[-1] - late[0]).total_seconds() / 86_400
    return len(late) / days, statistics.fmean(delays), delays[len(delays) * 9 // 10]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    end = START + timedelta(weeks=chosen.weeks)
    print("| source | requests a day | mean delay, min | slowest tenth | of 30 m: requests | of 30 m: delay "
          "| delay at equal requests |")  # fmt: skip
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, pattern in PATTERNS.items():
        articles = published(pattern, chosen.weeks, chosen.seed)
        requests, mean, slow = measure(articles, read_adaptively(articles, end))
        fixed_requests, fixed_mean, _ = measure(articles, read_every(timedelta(minutes=30), end))
        _, equal_mean, _ = measure(articles, read_every(timedelta(days=1) / requests, end))
        print(
            f"| {name} | {requests:.1f} | {mean:.1f} | {slow:.1f} | {requests / fixed_requests:.2f} "
            f"| {mean / fixed_mean:.2f} | {mean / equal_mean:.2f} |"
        )


if __name__ == "__main__":
    main()
