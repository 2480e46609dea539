package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;

/**
 * The lease for controllers under migration.
 *
 * <p><i>Immutable.</i>
 */
final class LeaderMigrationOptions implements OptionGroup<LeaderMigrationConfig> {

  private static final Flag<Boolean> ENABLE =
      Flag.bool(
          "enable-leader-migration",
          false,
          "Run the controllers of the migration configuration under a second lease.");

  private static final Flag<String> FILE =
      Flag.string(
          "leader-migration-config",
          "",
          "File of kind LeaderMigrationConfiguration. Without it the built-in list is used.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("leader-migration", ENABLE, FILE));
  }

  @Override
  public void check(Checks checks) {
    if (checks.get(ENABLE)) {
      checks.readableFile(FILE);
      checks.warningIf(
          !checks.get(LeaderElectionOptions.ELECT),
          "--enable-leader-migration has no effect without --leader-elect");
    }
  }

  @Override
  public LeaderMigrationConfig read(FlagValues values) {
    return new LeaderMigrationConfig(values.get(ENABLE), values.get(FILE));
  }
}
