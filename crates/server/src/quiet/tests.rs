use super::*;

const LISBON: &str = "Europe/Lisbon";
const NEW_YORK: &str = "America/New_York";

fn time(text: &str) -> Time {
    Time::parse(text).expect("a time")
}

/// The same hours on these weekdays, 0 being Monday.
fn hours(zone: &str, days: &[usize], from: u16, to: u16) -> Quiet {
    let day = |day| days.contains(&day).then_some(Hours { from, to });
    Quiet { zone: zone.into(), days: (0..7).map(day).collect(), ..Quiet::default() }
}

const EVERY: &[usize] = &[0, 1, 2, 3, 4, 5, 6];
const NIGHT: (u16, u16) = (22 * 60, 7 * 60);

#[track_caller]
fn check(quiet: &Quiet, now: &str, is: bool, next: Option<&str>) {
    assert_eq!(is_quiet(quiet, time(now)), is, "{now}");
    assert_eq!(next_change(quiet, time(now)).map(|at| at.to_string()), next.map(|at| time(at).to_string()), "{now}");
}

#[test]
fn without_a_wish_nobody_is_quiet() {
    check(&Quiet::default(), "2026-11-23T12:00:00Z", false, None);
    let nothing = hours(LISBON, &[], 0, 0);
    check(&nothing, "2026-11-23T12:00:00Z", false, None);
}

#[test]
fn a_snooze_ends() {
    let quiet = Quiet { until: Some(time("2026-11-23T12:00:00Z")), ..Quiet::default() };
    check(&quiet, "2026-11-23T11:59:59.999Z", true, Some("2026-11-23T12:00:00Z"));
    check(&quiet, "2026-11-23T12:00:00Z", false, None);
    check(&quiet, "2027-01-01T00:00:00Z", false, None);
}

#[test]
fn a_night_goes_over_midnight() {
    // In November Lisbon has the time of UTC.
    let night = hours(LISBON, EVERY, NIGHT.0, NIGHT.1);
    check(&night, "2026-11-23T21:59:59Z", false, Some("2026-11-23T22:00:00Z"));
    check(&night, "2026-11-23T22:00:00Z", true, Some("2026-11-24T07:00:00Z"));
    check(&night, "2026-11-24T00:00:00Z", true, Some("2026-11-24T07:00:00Z"));
    check(&night, "2026-11-24T06:59:59Z", true, Some("2026-11-24T07:00:00Z"));
    check(&night, "2026-11-24T07:00:00Z", false, Some("2026-11-24T22:00:00Z"));
}

#[test]
fn the_weekday_of_the_beginning_counts() {
    // 2026-11-23 is a Monday.
    let monday = hours(LISBON, &[0], NIGHT.0, NIGHT.1);
    check(&monday, "2026-11-23T03:00:00Z", false, Some("2026-11-23T22:00:00Z"));
    check(&monday, "2026-11-24T03:00:00Z", true, Some("2026-11-24T07:00:00Z"));
    check(&monday, "2026-11-24T23:00:00Z", false, Some("2026-11-30T22:00:00Z"));
    check(&monday, "2026-11-24T07:00:00Z", false, Some("2026-11-30T22:00:00Z"));
    let day = hours(LISBON, &[0], 9 * 60, 17 * 60);
    check(&day, "2026-11-23T16:59:00Z", true, Some("2026-11-23T17:00:00Z"));
    check(&day, "2026-11-23T17:00:00Z", false, Some("2026-11-30T09:00:00Z"));
}

#[test]
fn the_clock_is_the_persons_own() {
    let night = hours(NEW_YORK, EVERY, NIGHT.0, NIGHT.1);
    check(&night, "2026-11-24T02:59:00Z", false, Some("2026-11-24T03:00:00Z"));
    check(&night, "2026-11-24T11:59:00Z", true, Some("2026-11-24T12:00:00Z"));
    // Sunday evening there, Monday here.
    let sunday = hours(NEW_YORK, &[6], NIGHT.0, NIGHT.1);
    check(&sunday, "2026-11-23T04:00:00Z", true, Some("2026-11-23T12:00:00Z"));
}

#[test]
fn the_same_time_twice_is_a_whole_day() {
    let monday = hours(LISBON, &[0], 0, 0);
    check(&monday, "2026-11-22T23:59:59Z", false, Some("2026-11-23T00:00:00Z"));
    check(&monday, "2026-11-23T00:00:00Z", true, Some("2026-11-24T00:00:00Z"));
    check(&monday, "2026-11-24T00:00:00Z", false, Some("2026-11-30T00:00:00Z"));
    let from_noon = hours(LISBON, &[0], 720, 720);
    check(&from_noon, "2026-11-24T11:59:00Z", true, Some("2026-11-24T12:00:00Z"));
}

#[test]
fn quiet_times_that_touch_are_one() {
    let two = hours(LISBON, &[0, 1], 0, 0);
    check(&two, "2026-11-23T12:00:00Z", true, Some("2026-11-25T00:00:00Z"));
    let always = hours(LISBON, EVERY, 0, 0);
    check(&always, "2026-11-23T12:00:00Z", true, None);
    // A snooze that ends in the night goes on to the morning.
    let night = Quiet { until: Some(time("2026-11-23T23:00:00Z")), ..hours(LISBON, EVERY, NIGHT.0, NIGHT.1) };
    check(&night, "2026-11-23T12:00:00Z", true, Some("2026-11-24T07:00:00Z"));
    // One far away does not hide what comes after it.
    let long = Quiet { until: Some(time("2027-03-01T12:00:00Z")), ..hours(LISBON, EVERY, NIGHT.0, NIGHT.1) };
    check(&long, "2026-11-23T12:00:00Z", true, Some("2027-03-01T12:00:00Z"));
}

#[test]
fn when_clocks_go_forward() {
    // In New York 2026-03-08 has no time between 02:00 and 03:00.
    let night = hours(NEW_YORK, EVERY, NIGHT.0, NIGHT.1);
    check(&night, "2026-03-08T06:30:00Z", true, Some("2026-03-08T11:00:00Z"));
    let begins_in_it = hours(NEW_YORK, EVERY, 150, 240);
    check(&begins_in_it, "2026-03-08T06:59:59Z", false, Some("2026-03-08T07:00:00Z"));
    check(&begins_in_it, "2026-03-08T07:00:00Z", true, Some("2026-03-08T08:00:00Z"));
    let ends_in_it = hours(NEW_YORK, EVERY, 60, 150);
    check(&ends_in_it, "2026-03-08T06:59:59Z", true, Some("2026-03-08T07:00:00Z"));
    check(&ends_in_it, "2026-03-08T07:00:00Z", false, Some("2026-03-09T05:00:00Z"));
    // All of it in the hour that is not there: that day has none.
    let lost = hours(NEW_YORK, EVERY, 130, 170);
    check(&lost, "2026-03-08T06:00:00Z", false, Some("2026-03-09T06:10:00Z"));
}

#[test]
fn when_clocks_go_back() {
    // In New York 2026-11-01 has the time between 01:00 and 02:00 twice.
    let ends_in_it = hours(NEW_YORK, EVERY, 0, 90);
    check(&ends_in_it, "2026-11-01T05:45:00Z", true, Some("2026-11-01T06:30:00Z"));
    check(&ends_in_it, "2026-11-01T06:30:00Z", false, Some("2026-11-02T05:00:00Z"));
    let begins_in_it = hours(NEW_YORK, EVERY, 90, 180);
    check(&begins_in_it, "2026-11-01T05:29:00Z", false, Some("2026-11-01T05:30:00Z"));
    check(&begins_in_it, "2026-11-01T06:15:00Z", true, Some("2026-11-01T08:00:00Z"));
    let night = hours(NEW_YORK, EVERY, NIGHT.0, NIGHT.1);
    check(&night, "2026-11-01T11:59:00Z", true, Some("2026-11-01T12:00:00Z"));
}

#[test]
fn a_day_that_a_zone_left_out_and_the_ends_of_time_do_no_harm() {
    // Samoa had no 2011-12-30.
    let friday = hours("Pacific/Apia", &[4], 60, 120);
    check(&friday, "2011-12-29T12:00:00Z", false, Some("2012-01-05T11:00:00Z"));
    let night = hours(LISBON, EVERY, NIGHT.0, NIGHT.1);
    for at in [i64::MIN, -1, 0, i64::MAX] {
        let _ = (is_quiet(&night, Time(at)), next_change(&night, Time(at)));
    }
    let odd = Quiet { zone: "Mars/Olympus".into(), ..night };
    check(&odd, "2026-11-23T23:00:00Z", false, None);
}

#[test]
fn at_every_moment_the_next_change_is_the_next_change() {
    let weeks = [
        hours(NEW_YORK, &[0, 2, 5, 6], NIGHT.0, NIGHT.1),
        hours(LISBON, &[6, 0], 60, 90),
        Quiet { until: Some(time("2026-03-29T03:10:00Z")), ..hours(LISBON, &[1, 6], 0, 0) },
    ];
    for quiet in &weeks {
        let mut now = time("2026-03-01T00:00:00Z");
        let end = time("2026-04-10T00:00:00Z");
        let mut told = next_change(quiet, now);
        let mut was = is_quiet(quiet, now);
        while now < end {
            now.0 += 5 * 60_000;
            let is = is_quiet(quiet, now);
            assert_eq!(is != was, Some(now) == told, "{now}");
            if is != was {
                told = next_change(quiet, now);
            }
            assert_eq!(next_change(quiet, now), told, "{now}");
            was = is;
        }
    }
}

#[test]
fn what_is_kept_is_checked_and_names_its_field() {
    let limits = Limits { keywords: 3, keyword: 5, ..Limits::default() };
    let field = |wish: Quiet| checked(wish, &limits).expect_err("refused").field;
    let night = || hours(LISBON, EVERY, NIGHT.0, NIGHT.1);
    assert_eq!(field(Quiet { zone: "Mars/Olympus".into(), ..Quiet::default() }), Some("zone"));
    assert_eq!(field(Quiet { zone: String::new(), ..night() }), Some("zone"));
    assert_eq!(field(Quiet { days: vec![None; 6], ..night() }), Some("days"));
    assert_eq!(field(Quiet { days: vec![None; 8], ..night() }), Some("days"));
    assert_eq!(field(hours(LISBON, EVERY, 1440, 0)), Some("from"));
    assert_eq!(field(hours(LISBON, EVERY, 0, 1440)), Some("to"));
    let words =
        |words: &[&str]| Quiet { keywords: words.iter().map(|word| (*word).to_owned()).collect(), ..Quiet::default() };
    for bad in [&["a", "b", "c", "d"][..], &["abcdef"], &[" "], &["a\u{202E}b"]] {
        assert_eq!(field(words(bad)), Some("keywords"), "{bad:?}");
    }
    let kept = checked(words(&[" Hut ", "hut", "HUT", "ｈｕｔ", "Ärger"]), &limits).expect("kept");
    assert_eq!(kept.keywords, ["hut", "ärger"]);
    let kept = checked(Quiet { zone: "europe/lisbon".into(), until: Some(Time(1)), ..night() }, &limits).expect("kept");
    assert_eq!((kept.zone.as_str(), kept.until, kept.days.len()), (LISBON, None, 7));
    assert!(checked(hours(LISBON, EVERY, 1439, 1439), &limits).is_ok());
}
