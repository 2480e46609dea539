package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;

/**
 * Flags that belong together, their checks, and the record their values become.
 *
 * @param <C> the record
 */
interface OptionGroup<C> {

  /** Returns the flags; most have one group, some add to a group that others share. */
  List<FlagGroup> flags();

  /** Reports what is wrong or doubtful about the values. */
  default void check(Checks checks) {}

  /** Returns the record; valid only if {@link #check} found nothing wrong. */
  C read(FlagValues values);
}
