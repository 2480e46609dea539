package dev.kcm.daemon.flags;

import java.util.Arrays;
import java.util.List;

/**
 * Flags that stand under one heading of the help.
 *
 * @param name the heading without the word "flags"
 * @param flags the members in any order; the help sorts them
 */
public record FlagGroup(String name, List<Flag<?>> flags) {

  /** Name of the group of flags that upstream does not have. */
  public static final String EXTENSION = "extension";

  /** Copies the list. */
  public FlagGroup {
    flags = List.copyOf(flags);
  }

  /** Returns a group of the given flags. */
  public static FlagGroup of(String name, Flag<?>... flags) {
    return new FlagGroup(name, Arrays.asList(flags));
  }
}
