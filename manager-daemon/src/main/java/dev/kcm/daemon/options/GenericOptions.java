package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.time.Duration;
import java.util.List;

/**
 * Which controllers run, and their pace.
 *
 * <p><i>Immutable.</i>
 */
final class GenericOptions implements OptionGroup<GenericConfig> {

  static final Flag<List<String>> CONTROLLERS =
      Flag.strings("controllers", "*", "Controllers to run.").helpFrom(GenericOptions::describe);

  private static final Flag<Duration> MIN_RESYNC =
      Flag.duration(
          "min-resync-period",
          "12h",
          "Least time between two resyncs of an informer. Each informer draws a period between"
              + " this and its double.");

  private static final Flag<Duration> START_INTERVAL =
      Flag.duration(
          "controller-start-interval", "0s", "Pause between the starts of two controllers.");

  private static String describe() {
    return "Controllers to run. '*' stands for all that are on by default, 'name' switches one on,"
        + " '-name' switches it off; the first entry that names a controller decides.\n"
        + "All controllers: "
        + String.join(", ", ControllerNames.all())
        + "\nOff by default: "
        + String.join(", ", ControllerNames.offByDefault());
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("generic", CONTROLLERS, MIN_RESYNC, START_INTERVAL));
  }

  @Override
  public void check(Checks checks) {
    ControllerSelection.of(checks.get(CONTROLLERS)).problems().forEach(checks::problem);
  }

  @Override
  public GenericConfig read(FlagValues values) {
    return new GenericConfig(values.get(MIN_RESYNC), values.get(START_INTERVAL));
  }
}
