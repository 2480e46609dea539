package dev.kcm.core.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a process takes part in coordinated elections, in which the API server appoints the leader:
 * the candidate of the lowest emulation version, among those the lowest binary version, among those
 * the oldest.
 *
 * @param binaryVersion version of the program, for example {@code 1.34.0}; a leading {@code v},
 *     pre-release and build are dropped, a missing patch level is 0
 * @param emulationVersion version whose behaviour the program shows, in the same form
 */
public record Coordination(String binaryVersion, String emulationVersion) {

  /** The only strategy there is. */
  static final String STRATEGY = "OldestEmulationVersion";

  private static final Pattern VERSION = Pattern.compile("v?(\\d+\\.\\d+)(\\.\\d+)?([-+].*)?");

  /**
   * Checks both versions.
   *
   * @throws IllegalArgumentException naming every version that does not fit
   */
  public Coordination {
    List<String> problems = new ArrayList<>();
    binaryVersion = normal(problems, "binary", binaryVersion);
    emulationVersion = normal(problems, "emulation", emulationVersion);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("coordinated election: " + String.join("; ", problems));
    }
  }

  private static String normal(List<String> problems, String what, String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      problems.add("the %s version is \"%s\", allowed: like 1.34.0".formatted(what, version));
      return version;
    }
    return matcher.group(1) + (matcher.group(2) == null ? ".0" : matcher.group(2));
  }
}
