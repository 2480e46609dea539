package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.FlagTypes;
import dev.kcm.daemon.flags.GoText;
import dev.kcm.daemon.options.FeatureGate.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Reads {@code --emulated-version} and {@code --feature-gates}.
 *
 * <p><i>Confined to the calling thread.</i>
 */
final class FeatureGateParser {

  private static final int OLDEST = 31;
  private static final int NEWEST = 34;
  private static final String COMPONENT = "kube";

  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, Boolean> setByName = new LinkedHashMap<>();
  private final Map<Stage, Boolean> setByStage = new LinkedHashMap<>();
  private final int minor;
  private final FeatureTable table;
  private final SortedMap<String, FeatureGate> gates;

  private FeatureGateParser(List<String> versions) {
    this.minor = readVersions(versions);
    this.table = FeatureTable.at(minor);
    this.gates = table.gates();
  }

  /** What the two flags say. */
  record Outcome(FeatureGates gates, List<String> problems, List<String> warnings) {}

  /**
   * Reads the flags.
   *
   * @param versions entries as {@code 1.33} or {@code kube=1.33}
   * @param settings entries as {@code :Name=true} or {@code kube:Name=true}
   */
  static Outcome parse(List<String> versions, List<String> settings) {
    FeatureGateParser parser = new FeatureGateParser(versions);
    parser.readSettings(settings);
    return new Outcome(
        new FeatureGates("1." + parser.minor, parser.gates, parser.values()),
        List.copyOf(parser.problems),
        List.copyOf(parser.warnings));
  }

  private int readVersions(List<String> versions) {
    int found = NEWEST;
    for (String entry : versions) {
      int equals = entry.indexOf('=');
      String component = equals < 0 ? COMPONENT : entry.substring(0, equals);
      if (!component.equals(COMPONENT)) {
        problems.add("--emulated-version: component not registered: " + component);
      } else {
        found = readMinor(entry.substring(equals + 1));
      }
    }
    if (versions.size() > 1) {
      problems.add(
          "--emulated-version: duplicate version flag, give it once, got "
              + String.join(" and ", versions));
    }
    return found;
  }

  private int readMinor(String text) {
    String version = text.startsWith("v") ? text.substring(1) : text;
    if (version.matches("[0-9]+\\.[0-9]+\\.[0-9].*")) {
      problems.add("--emulated-version: patch version not allowed, got: " + text);
    } else if (!version.matches("[0-9]{1,4}\\.[0-9]{1,4}")) {
      problems.add(
          "--emulated-version: "
              + GoText.quote(text)
              + " is not a version as "
              + ProductVersion.MINOR);
    } else if (!version.matches("1\\.3[1-4]")) {
      problems.add(
          "--emulated-version: emulation version %s is not between [1.%d, 1.%d]"
              .formatted(version, OLDEST, NEWEST));
    } else {
      return Integer.parseInt(version.substring(2));
    }
    return NEWEST;
  }

  private void readSettings(List<String> settings) {
    boolean bare = settings.stream().anyMatch(setting -> setting.startsWith(":"));
    boolean prefixed = settings.stream().anyMatch(setting -> setting.startsWith(COMPONENT + ":"));
    if (bare && prefixed) {
      problems.add(
          "--feature-gates: set kube feature gates with default empty prefix or kube: prefix"
              + " consistently, do not mix use");
    }
    for (String setting : settings) {
      int colon = setting.indexOf(':');
      String component = setting.substring(0, colon);
      if (component.isEmpty() || component.equals(COMPONENT)) {
        readSetting(setting.substring(colon + 1));
      } else {
        problems.add("--feature-gates: component not registered: " + component);
      }
    }
  }

  private void readSetting(String setting) {
    int equals = setting.indexOf('=');
    String name = setting.substring(0, equals < 0 ? setting.length() : equals).strip();
    if (equals < 0) {
      problems.add("missing bool value for " + name);
      return;
    }
    String text = setting.substring(equals + 1).strip();
    try {
      set(name, FlagTypes.BOOL.reader().read(text));
    } catch (IllegalArgumentException bad) {
      problems.add("invalid value of %s=%s, err: %s".formatted(name, text, bad.getMessage()));
    }
  }

  private void set(String name, boolean value) {
    FeatureGate gate = gates.get(name);
    if (name.equals("AllAlpha") || name.equals("AllBeta")) {
      setByStage.put(name.equals("AllAlpha") ? Stage.ALPHA : Stage.BETA, value);
    } else if (gate != null) {
      setKnown(gate, value);
    } else if (table.isDropped(name)) {
      warnings.add(
          "feature gate %s=%s has no effect: it was removed when the feature became permanent or was withdrawn"
              .formatted(name, value));
    } else if (table.isLater(name)) {
      problems.add(
          "cannot set feature gate %s to %s, feature is PreAlpha at emulated version 1.%d"
              .formatted(name, value, minor));
    } else {
      problems.add("unrecognized feature gate: " + name);
    }
  }

  private void setKnown(FeatureGate gate, boolean value) {
    if (gate.locked() && value != gate.enabledByDefault()) {
      problems.add(
          "cannot set feature gate %s to %s, feature is locked to %s"
              .formatted(gate.name(), value, gate.enabledByDefault()));
      return;
    }
    if (gate.stage() == Stage.GA || gate.stage() == Stage.DEPRECATED) {
      warnings.add(
          "Setting %s feature gate %s=%s. It will be removed in a future release."
              .formatted(gate.stage() == Stage.GA ? "GA" : "deprecated", gate.name(), value));
    }
    setByName.put(gate.name(), value);
  }

  /** The explicit values, over those set for a whole stage. */
  private Map<String, Boolean> values() {
    Map<String, Boolean> values = new LinkedHashMap<>();
    for (FeatureGate gate : gates.values()) {
      Boolean ofStage = setByStage.get(gate.stage());
      if (ofStage != null && !gate.locked()) {
        values.put(gate.name(), ofStage);
      }
    }
    values.putAll(setByName);
    return values;
  }
}
