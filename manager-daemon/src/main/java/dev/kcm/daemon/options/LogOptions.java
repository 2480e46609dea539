package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagType;
import dev.kcm.daemon.flags.FlagTypes;
import dev.kcm.daemon.flags.FlagValues;
import dev.kcm.daemon.flags.GoText;
import dev.kcm.daemon.logs.LogConfig;
import dev.kcm.daemon.logs.LogConfig.Format;
import dev.kcm.daemon.logs.LogConfig.ModuleLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Logging.
 *
 * <p><i>Immutable.</i>
 */
final class LogOptions implements OptionGroup<LogConfig> {

  private static final String ALPHA = "LoggingAlphaOptions";
  private static final Pattern QUANTITY =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?");
  private static final Pattern ZERO = Pattern.compile("[+-]?[0.]+([a-zA-Z].*)?");

  private static final FlagType<String> QUANTITY_TYPE =
      FlagType.of("quantity", "0", LogOptions::readQuantity);

  private static final FlagType<List<ModuleLevel>> MODULES_TYPE =
      FlagTypes.list("pattern=N,...", LogOptions::readModules, LogOptions::printModules);

  private static final Flag<Integer> V =
      Flag.of("v", FlagTypes.LEVEL, 0, "How much to log, from 0.").shorthand('v');

  private static final Flag<List<ModuleLevel>> VMODULE =
      Flag.of(
          "vmodule",
          MODULES_TYPE,
          List.of(),
          "How much single loggers log, as pattern=N with * and ? in patterns. Text format only.");

  private static final Flag<String> FORMAT =
      Flag.string("logging-format", "text", "Layout of the log: text or json.");

  private static final Flag<Duration> FLUSH =
      Flag.duration(
          "log-flush-frequency",
          "5s",
          "Longest time before log lines are written. Without effect: they are written at once.");

  private static final Flag<Boolean> TEXT_SPLIT =
      Flag.bool(
          "log-text-split-stream",
          false,
          "In text format, write errors to standard error and the rest to standard output. Needs the"
              + " feature gate LoggingAlphaOptions.");

  private static final Flag<String> TEXT_BUFFER =
      Flag.of(
          "log-text-info-buffer-size",
          QUANTITY_TYPE,
          "0",
          "In text format with split streams, size of a buffer for standard output. Needs the"
              + " feature gate LoggingAlphaOptions.");

  private static final Flag<Boolean> JSON_SPLIT =
      Flag.bool(
          "log-json-split-stream",
          false,
          "In JSON format, write errors to standard error and the rest to standard output. Needs the"
              + " feature gate LoggingAlphaOptions.");

  private static final Flag<String> JSON_BUFFER =
      Flag.of(
          "log-json-info-buffer-size",
          QUANTITY_TYPE,
          "0",
          "In JSON format with split streams, size of a buffer for standard output. Needs the"
              + " feature gate LoggingAlphaOptions.");

  private static final String TO_STDERR = "the log always goes to standard error";

  private static final Flag<Boolean> LOGTOSTDERR =
      Flag.bool("logtostderr", true, "Without effect.")
          .ignoredSince(
              "1.26", TO_STDERR + ", and into a file as well if --log-dir or --log-file is given");

  private static final Flag<Boolean> ALSOLOGTOSTDERR =
      Flag.bool("alsologtostderr", false, "Without effect.").ignoredSince("1.26", TO_STDERR);

  private static final Flag<String> LOG_DIR =
      Flag.string("log-dir", "", "Directory to write a log file to, besides standard error.")
          .honouredSince(
              "1.26", "the log is also written to a file there, better redirect standard error");

  private static final Flag<String> LOG_FILE =
      Flag.string("log-file", "", "File to write the log to, besides standard error.")
          .honouredSince(
              "1.26", "the log is also written to that file, better redirect standard error");

  private static final Flag<Integer> LOG_FILE_SIZE =
      Flag.of("log-file-max-size", FlagTypes.UINT, 1800, "Size in MiB to start a file anew at.")
          .honouredSince("1.26", "it limits the size of a log file, if one is written");

  private static final Flag<String> STDERRTHRESHOLD =
      Flag.string("stderrthreshold", "2", "Without effect.").ignoredSince("1.26", TO_STDERR);

  private static final Flag<Boolean> ONE_OUTPUT =
      Flag.bool("one-output", false, "Without effect.").ignoredSince("1.26", TO_STDERR);

  private static final Flag<Boolean> SKIP_HEADERS =
      Flag.bool("skip-headers", false, "Without effect.")
          .ignoredSince("1.26", "log lines always have a header");

  private static final Flag<Boolean> SKIP_LOG_HEADERS =
      Flag.bool("skip-log-headers", false, "Without effect.")
          .ignoredSince("1.26", "log files never have a heading");

  private static final Flag<Boolean> ADD_DIR_HEADER =
      Flag.bool("add-dir-header", false, "Without effect.")
          .ignoredSince("1.26", "log lines never show directories");

  private static final Flag<String> BACKTRACE =
      Flag.string("log-backtrace-at", ":0", "Without effect.")
          .ignoredSince("1.26", "it has no replacement and can be left out");

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of(
            "logs",
            V,
            VMODULE,
            FORMAT,
            FLUSH,
            TEXT_SPLIT,
            TEXT_BUFFER,
            JSON_SPLIT,
            JSON_BUFFER,
            LOGTOSTDERR,
            ALSOLOGTOSTDERR,
            LOG_DIR,
            LOG_FILE,
            LOG_FILE_SIZE,
            STDERRTHRESHOLD,
            ONE_OUTPUT,
            SKIP_HEADERS,
            SKIP_LOG_HEADERS,
            ADD_DIR_HEADER,
            BACKTRACE));
  }

  @Override
  public void check(Checks checks) {
    String format = checks.get(FORMAT);
    boolean json = format.equals("json");
    checks.problemIf(
        !json && !format.equals("text"),
        "format: Invalid value: " + GoText.quote(format) + ": Unsupported log format");
    checks.problemIf(
        json && !checks.isEnabled("LoggingBetaOptions"),
        "format: Forbidden: Log format json needs the feature gate LoggingBetaOptions");
    checks.problemIf(
        json && !checks.get(VMODULE).isEmpty(),
        "vmodule: Forbidden: Only supported for text log format");
    needsAlpha(checks, "options.text.splitStream", checks.get(TEXT_SPLIT));
    needsAlpha(checks, "options.text.infoBufferSize", !isZero(checks.get(TEXT_BUFFER)));
    needsAlpha(checks, "options.json.splitStream", checks.get(JSON_SPLIT));
    needsAlpha(checks, "options.json.infoBufferSize", !isZero(checks.get(JSON_BUFFER)));
  }

  private static void needsAlpha(Checks checks, String option, boolean used) {
    checks.problemIf(
        used && !checks.isEnabled(ALPHA),
        option + ": Forbidden: Feature " + ALPHA + " is disabled");
  }

  private static boolean isZero(String quantity) {
    return ZERO.matcher(quantity).matches();
  }

  @Override
  public LogConfig read(FlagValues values) {
    boolean json = values.get(FORMAT).equals("json");
    return new LogConfig(
        Format.valueOf(values.get(FORMAT).toUpperCase(Locale.ROOT)),
        values.get(V),
        values.get(VMODULE),
        values.get(json ? JSON_SPLIT : TEXT_SPLIT),
        values.get(LOG_DIR),
        values.get(LOG_FILE),
        values.get(LOG_FILE_SIZE));
  }

  private static String readQuantity(String text) {
    if (!QUANTITY.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "quantities must match the regular expression"
              + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }
    return text;
  }

  private static List<ModuleLevel> readModules(String text) {
    List<ModuleLevel> modules = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      if (!item.isEmpty()) {
        modules.add(readModule(item));
      }
    }
    return List.copyOf(modules);
  }

  private static ModuleLevel readModule(String item) {
    String[] parts = item.split("=", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException(
          GoText.quote(item) + " does not have the pattern=N format");
    }
    try {
      return new ModuleLevel(parts[0], FlagTypes.LEVEL.reader().read(parts[1]));
    } catch (IllegalArgumentException bad) {
      throw new IllegalArgumentException(
          "parsing verbosity in " + GoText.quote(item) + ": " + bad.getMessage(), bad);
    }
  }

  private static String printModules(List<ModuleLevel> modules) {
    return String.join(
        ",", modules.stream().map(module -> module.pattern() + "=" + module.level()).toList());
  }
}
