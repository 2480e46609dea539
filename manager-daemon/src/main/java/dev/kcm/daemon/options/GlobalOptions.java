package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagType;
import dev.kcm.daemon.flags.FlagTypes;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;
import java.util.Set;

/**
 * What the program does instead of running.
 *
 * <p><i>Immutable.</i>
 */
final class GlobalOptions implements OptionGroup<GlobalOptions.Request> {

  private static final Set<String> FORMATS = Set.of("raw", "json");

  private static final FlagType<String> VERSION_TYPE =
      FlagType.of("version", "false", GlobalOptions::readVersion).alone("true");

  private static final Flag<Boolean> HELP =
      Flag.bool("help", false, "Print this help and exit.").shorthand('h');

  private static final Flag<String> VERSION =
      Flag.of(
          "version",
          VERSION_TYPE,
          "false",
          "Print the version and exit; raw or json print all of it. With vX.Y.Z the program runs and"
              + " reports that version.");

  private static final Flag<Boolean> CHECK =
      Flag.bool(
          "check-config", false, "Check the settings, print their effective values, and exit.");

  /**
   * What is asked for.
   *
   * @param help whether help is wanted
   * @param version {@code true}, {@code raw}, {@code json}, or empty if the version is not wanted
   * @param reportedVersion the version to run as, or empty
   * @param checkConfig whether only the settings are checked
   */
  record Request(boolean help, String version, String reportedVersion, boolean checkConfig) {}

  private static String readVersion(String text) {
    if (FORMATS.contains(text)) {
      return text;
    }
    if (!text.startsWith("v")) {
      return String.valueOf(FlagTypes.BOOL.reader().read(text));
    }
    if (!text.matches("v" + ProductVersion.MINOR.replace(".", "\\.") + "\\.[0-9]+([-+].+)?")) {
      throw new IllegalArgumentException(
          "the version must be one of release "
              + ProductVersion.MINOR
              + ", as v"
              + ProductVersion.MINOR
              + ".1");
    }
    return text;
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("global", HELP, VERSION), FlagGroup.of(FlagGroup.EXTENSION, CHECK));
  }

  @Override
  public Request read(FlagValues values) {
    String version = values.get(VERSION);
    boolean isNumber = version.startsWith("v");
    return new Request(
        values.get(HELP),
        isNumber || version.equals("false") ? "" : version,
        isNumber ? version : "",
        values.get(CHECK));
  }
}
