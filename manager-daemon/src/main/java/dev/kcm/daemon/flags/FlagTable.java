package dev.kcm.daemon.flags;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All flags of a program in their groups.
 *
 * <p><i>Immutable.</i>
 */
public final class FlagTable {

  private final List<FlagGroup> groups;
  private final Map<String, Flag<?>> flagByName;
  private final Map<String, Flag<?>> flagByShorthand;

  private FlagTable(
      List<FlagGroup> groups,
      Map<String, Flag<?>> flagByName,
      Map<String, Flag<?>> flagByShorthand) {
    this.groups = groups;
    this.flagByName = flagByName;
    this.flagByShorthand = flagByShorthand;
  }

  /**
   * Returns the table of the groups; groups of the same name become one, at the place of the first.
   *
   * @throws IllegalArgumentException if two flags share a name
   */
  public static FlagTable of(List<FlagGroup> groups) {
    Map<String, List<Flag<?>>> flagsByGroup = new LinkedHashMap<>();
    Map<String, Flag<?>> byName = new LinkedHashMap<>();
    Map<String, Flag<?>> byShorthand = new LinkedHashMap<>();
    for (FlagGroup group : groups) {
      flagsByGroup.computeIfAbsent(group.name(), name -> new ArrayList<>()).addAll(group.flags());
      group.flags().forEach(flag -> register(flag, byName, byShorthand));
    }
    List<FlagGroup> merged = new ArrayList<>();
    flagsByGroup.forEach((name, flags) -> merged.add(new FlagGroup(name, sorted(flags))));
    return new FlagTable(List.copyOf(merged), byName, byShorthand);
  }

  private static void register(
      Flag<?> flag, Map<String, Flag<?>> byName, Map<String, Flag<?>> byShorthand) {
    boolean taken = byName.put(flag.name(), flag) != null;
    taken |= !flag.shorthand().isEmpty() && byShorthand.put(flag.shorthand(), flag) != null;
    if (taken) {
      throw new IllegalArgumentException("two flags named " + flag.displayName());
    }
  }

  private static List<Flag<?>> sorted(List<Flag<?>> flags) {
    return flags.stream().sorted(Comparator.<Flag<?>, String>comparing(Flag::name)).toList();
  }

  /** Returns the groups in the order of the help, their flags sorted by name. */
  public List<FlagGroup> groups() {
    return groups;
  }

  /** Returns the flag of this name; {@code _} counts as {@code -}. */
  public Optional<Flag<?>> find(String name) {
    return Optional.ofNullable(flagByName.get(name.replace('_', '-')));
  }

  Optional<Flag<?>> findShorthand(String letter) {
    return Optional.ofNullable(flagByShorthand.get(letter));
  }

  /** Returns every flag, removed ones too, group by group. */
  public List<Flag<?>> flags() {
    return List.copyOf(flagByName.values());
  }

  /** Returns the listed name most like a mistyped one, if one is near enough to be meant. */
  Optional<String> nearest(String name) {
    String wanted = name.replace('_', '-');
    int mostEdits = Math.min(4, Math.max(1, wanted.length() / 4));
    return flagByName.values().stream()
        .filter(flag -> flag.lifecycle().isListed())
        .map(Flag::name)
        .filter(candidate -> edits(wanted, candidate) <= mostEdits)
        .min(Comparator.comparingInt(candidate -> edits(wanted, candidate)));
  }

  /** Levenshtein distance: insertions, deletions and replacements from one word to the other. */
  private static int edits(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] current = new int[to.length() + 1];
      current[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
