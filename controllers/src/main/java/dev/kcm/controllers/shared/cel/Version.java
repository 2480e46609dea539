package dev.kcm.controllers.shared.cel;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A semantic version. What was built counts for nothing: versions that differ in it alone are
 * equal.
 *
 * @param major first number
 * @param minor second
 * @param patch third
 * @param preRelease identifiers of a pre-release; empty for a release
 */
record Version(long major, long minor, long patch, List<String> preRelease)
    implements Comparable<Version> {

  private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
  private static final String IDENTIFIER = "(?:0|[1-9][0-9]*+|[0-9]*+[A-Za-z-][0-9A-Za-z-]*+)";
  private static final Pattern FORM =
      Pattern.compile(
          NUMBER
              + "\\."
              + NUMBER
              + "\\."
              + NUMBER
              + "(?:-("
              + IDENTIFIER
              + "(?:\\."
              + IDENTIFIER
              + ")*+))?"
              + "(?:\\+[0-9A-Za-z-]++(?:\\.[0-9A-Za-z-]++)*+)?");
  private static final Pattern LEADING_ZEROS = Pattern.compile("(?<![0-9A-Za-z])0+(?=[0-9])");
  private static final Pattern DIGITS = Pattern.compile("[0-9]++");

  Version {
    preRelease = List.copyOf(preRelease);
  }

  /** What a text says; empty when it is no semantic version. */
  static Optional<Version> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String pre = form.group(4);
    return Optional.of(
        new Version(
            Long.parseLong(form.group(1)),
            Long.parseLong(form.group(2)),
            Long.parseLong(form.group(3)),
            pre == null ? List.of() : Arrays.asList(pre.split("\\.", -1))));
  }

  /** The same of a text with a {@code v} before it, without all numbers, or with leading zeros. */
  static Optional<Version> parseTolerantly(String text) {
    String trimmed = text.strip();
    String bare = trimmed.startsWith("v") ? trimmed.substring(1) : trimmed;
    int end = bare.length();
    for (char mark : new char[] {'-', '+'}) {
      int at = bare.indexOf(mark);
      end = at < 0 ? end : Math.min(end, at);
    }
    String numbers = LEADING_ZEROS.matcher(bare.substring(0, end)).replaceAll("");
    long dots = numbers.chars().filter(c -> c == '.').count();
    boolean mayBeFilledUp = end == bare.length();
    String full = mayBeFilledUp && dots < 2 ? numbers + (dots == 0 ? ".0.0" : ".0") : numbers;
    return parse(full + bare.substring(end));
  }

  @Override
  public int compareTo(Version other) {
    int order = Long.compare(major, other.major);
    order = order == 0 ? Long.compare(minor, other.minor) : order;
    order = order == 0 ? Long.compare(patch, other.patch) : order;
    return order == 0 ? comparePreReleases(preRelease, other.preRelease) : order;
  }

  private static int comparePreReleases(List<String> ours, List<String> theirs) {
    if (ours.isEmpty() || theirs.isEmpty()) {
      return Boolean.compare(ours.isEmpty(), theirs.isEmpty());
    }
    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      int order = compareIdentifiers(ours.get(i), theirs.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(ours.size(), theirs.size());
  }

  private static int compareIdentifiers(String one, String other) {
    boolean number = DIGITS.matcher(one).matches();
    boolean otherNumber = DIGITS.matcher(other).matches();
    if (number && otherNumber) {
      return new BigInteger(one).compareTo(new BigInteger(other));
    }
    return number == otherNumber
        ? Integer.signum(one.compareTo(other))
        : Boolean.compare(otherNumber, number);
  }
}
