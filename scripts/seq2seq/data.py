"""The made-up data of the two tasks: pairs of characters in, characters out. Nothing is read from anywhere."""

import datetime
import random
import zlib

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
LETTERS = "abcdefghijklmnopqrstuvwxyz-' "

START, END = "<s>", "</s>"
FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)
# Two digits of a year stand for 1950 to 2049.
FIRST_SHORT, LAST_SHORT = 1950, 2049

DATE_FORMATS = [
    "{d} {month} {yyyy}",
    "{d} {mon} {yyyy}",
    "{d}{th} of {month} {yyyy}",
    "{d}. {month} {yyyy}",
    "{month} {d}, {yyyy}",
    "{mon} {d}, {yyyy}",
    "{month} {d}{th}, {yyyy}",
    "{weekday}, {d} {month} {yyyy}",
    "{weekday}, {month} {d}, {yyyy}",
    "{day} {d} {mon} {yyyy}",
    "{d}.{m}.{yyyy}",
    "{m}/{d}/{yyyy}",
    "{yyyy}-{mm}-{dd}",
    "{yyyy}/{m}/{d}",
    "{yyyy}年{m}月{d}日",
    "{d}.{m}.{yy}",
    "{m}/{d}/{yy}",
    "{d}-{mon}-{yy}",
    "{d} {month} {yy}",
    "{mon} {d}, {yy}",
]


def held_out(text):
    """A tenth of all texts, by their checksum: never trained on, only measured."""
    return zlib.crc32(text.encode()) % 10 == 0


def ordinal(day):
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def write_date(date, form, padded):
    """A day in one of the formats, in lower case; `padded`: 03 for 3."""
    number = "{:02d}" if padded else "{}"
    name, month = WEEKDAYS[date.weekday()], MONTHS[date.month - 1]
    return form.format(
        d=number.format(date.day), m=number.format(date.month), dd=f"{date.day:02d}", mm=f"{date.month:02d}",
        yyyy=f"{date.year:04d}", yy=f"{date.year % 100:02d}", th=ordinal(date.day),
        month=month, mon=month[:3], weekday=name, day=name[:3],
    )


def date_pair(rng, form=None, test=False):
    """A written date and its ISO form. The days that are measured are not among those trained on."""
    form = form or rng.choice(DATE_FORMATS)
    while True:
        first, last = FIRST_DAY, LAST_DAY
        if "{yy}" in form:
            first, last = datetime.date(FIRST_SHORT, 1, 1), datetime.date(LAST_SHORT, 12, 31)
        date = datetime.date.fromordinal(rng.randint(first.toordinal(), last.toordinal()))
        if held_out(date.isoformat()) == test:
            return write_date(date, form, rng.random() < 0.4), date.isoformat()


def reversal_pair(rng, length, test=False):
    """
    Random letters and the same backwards. Half of the texts draw from a few letters only, since words repeat theirs.
    Texts of one and two letters are too few to be held out.
    """
    while True:
        letters = LETTERS if rng.random() < 0.5 else rng.sample(LETTERS, rng.randint(1, 6))
        text = "".join(rng.choice(letters) for _ in range(length))
        if length < 3 or held_out(text) == test:
            return text, text[::-1]


class Dates:
    name = "dates"
    source = sorted(set("".join(MONTHS + WEEKDAYS) + "0123456789 .,/-年月日thstndrdof"))
    target = [START, END] + list("0123456789-")
    longest = 16
    # wednesday, september 30, 2099
    trained_to = 29

    def batch(self, rng, size):
        return [date_pair(rng) for _ in range(size)]

    def tests(self, rng, count):
        """Held-out pairs by format."""
        return {form: [date_pair(rng, form, True) for _ in range(count)] for form in DATE_FORMATS}


class Reversal:
    name = "reversal"
    source = sorted(LETTERS)
    target = [START, END] + sorted(LETTERS)
    longest = 64
    trained_to = 16

    def batch(self, rng, size):
        length = rng.randint(1, self.trained_to)
        return [reversal_pair(rng, length) for _ in range(size)]

    def tests(self, rng, count):
        """Held-out pairs by length, up to lengths that were never trained."""
        return {length: [reversal_pair(rng, length, True) for _ in range(count)] for length in range(1, 25)}


TASKS = {"dates": Dates(), "reversal": Reversal()}


def seeded(*parts):
    return random.Random(" ".join(map(str, parts)))
