package dev.kcm.daemon.options;

import dev.kcm.daemon.options.FeatureGate.Stage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All feature gates, and their history.
 *
 * <p><i>Immutable.</i>
 */
final class FeatureTable {

  private final SortedMap<String, FeatureGate> gateByName;
  private final Set<String> laterNames;
  private final Set<String> droppedNames;

  private FeatureTable(
      SortedMap<String, FeatureGate> gateByName, Set<String> laterNames, Set<String> droppedNames) {
    this.gateByName = gateByName;
    this.laterNames = laterNames;
    this.droppedNames = droppedNames;
  }

  /** Returns the gates as they were in release {@code 1.<minor>}. */
  static FeatureTable at(int minor) {
    SortedMap<String, FeatureGate> gates = new TreeMap<>();
    Set<String> later = new HashSet<>();
    for (String line : lines("feature-gates.txt")) {
      String[] words = line.split(" ", -1);
      String state = "";
      for (int i = 1; i < words.length; i++) {
        state = minorOf(words[i]) <= minor ? words[i] : state;
      }
      if (state.isEmpty()) {
        later.add(words[0]);
      } else {
        gates.put(words[0], gate(words[0], state));
      }
    }
    Set<String> dropped = new HashSet<>();
    lines("dropped-feature-gates.txt")
        .forEach(line -> dropped.addAll(Arrays.asList(line.split(" ", -1))));
    return new FeatureTable(gates, Set.copyOf(later), Set.copyOf(dropped));
  }

  private static int minorOf(String state) {
    return Integer.parseInt(state.substring(4, state.length() - (isLocked(state) ? 1 : 0)));
  }

  private static boolean isLocked(String state) {
    return state.endsWith("!");
  }

  private static FeatureGate gate(String name, String state) {
    return new FeatureGate(
        name, Stage.of(state.charAt(0)), state.charAt(1) == '+', isLocked(state));
  }

  private static List<String> lines(String resource) {
    InputStream in = FeatureTable.class.getResourceAsStream(resource);
    Objects.requireNonNull(in, resource + " is missing from the program");
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SortedMap<String, FeatureGate> gates() {
    return new TreeMap<>(gateByName);
  }

  /** Tells whether the gate exists, but only in a later release than the emulated one. */
  boolean isLater(String name) {
    return laterNames.contains(name);
  }

  /** Tells whether the gate existed once and went with the feature here to stay. */
  boolean isDropped(String name) {
    return droppedNames.contains(name);
  }
}
