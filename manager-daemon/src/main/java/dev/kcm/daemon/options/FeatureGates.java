package dev.kcm.daemon.options;

import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The feature gates in force.
 *
 * <p><i>Immutable.</i>
 */
public final class FeatureGates {

  private final String emulatedVersion;
  private final SortedMap<String, FeatureGate> gateByName;
  private final Map<String, Boolean> setByName;

  FeatureGates(
      String emulatedVersion,
      SortedMap<String, FeatureGate> gateByName,
      Map<String, Boolean> setByName) {
    this.emulatedVersion = emulatedVersion;
    this.gateByName = new TreeMap<>(gateByName);
    this.setByName = Map.copyOf(setByName);
  }

  /** Returns the gates of this release with their defaults. */
  public static FeatureGates defaults() {
    return new FeatureGates(ProductVersion.MINOR, FeatureTable.at(34).gates(), Map.of());
  }

  /** Returns the release whose defaults hold, as {@code 1.34}. */
  public String emulatedVersion() {
    return emulatedVersion;
  }

  /** Tells whether a gate is on; a gate the emulated release does not have is off. */
  public boolean isEnabled(String name) {
    FeatureGate gate = gateByName.get(name);
    return gate != null && setByName.getOrDefault(name, gate.enabledByDefault());
  }

  /** Returns all gates of the emulated release, sorted by name. */
  public Collection<FeatureGate> all() {
    return new TreeMap<>(gateByName).values();
  }
}
