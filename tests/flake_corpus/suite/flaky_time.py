"""The wall clock and the time zone, synchronous."""

import datetime
import time


def test_day_does_not_end_meanwhile():
    before = datetime.date.today()
    time.sleep(0.004)
    assert datetime.date.today() == before


def test_file_is_of_this_minute(tmp_path):
    stamp = datetime.datetime.now().strftime("%Y-%m-%d %H:%M")
    time.sleep(0.004)
    assert datetime.datetime.now().strftime("%Y-%m-%d %H:%M") == stamp


def test_next_year_has_this_day():
    today = datetime.date.today()
    assert today.replace(year=today.year + 1) > today


def test_next_month_has_this_day():
    today = datetime.date.today()
    following = today.replace(month=today.month % 12 + 1)
    assert following.day == today.day


def test_certificate_is_valid():
    assert datetime.datetime.now() < datetime.datetime(2040, 1, 1)


def test_local_day_is_the_day_in_utc():
    assert datetime.datetime.now().utcoffset() is None
    assert time.localtime(1_000_000_000).tm_hour == time.gmtime(1_000_000_000).tm_hour


def test_offset_is_whole_hours():
    assert time.localtime().tm_gmtoff % 3600 == 0


def test_an_hour_later_the_hand_is_further():
    now = datetime.datetime.now().astimezone()
    later = datetime.datetime.fromtimestamp(now.timestamp() + 3600)
    assert (later.hour - now.hour) % 24 == 1


def test_iso_week_is_of_this_year():
    today = datetime.date.today()
    assert today.isocalendar()[0] == today.year
