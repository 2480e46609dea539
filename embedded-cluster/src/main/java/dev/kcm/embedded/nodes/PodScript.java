package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the annotations of a pod say that its containers do. Immutable.
 *
 * <p>Times count from the second in which a container started. A setting for one container has a
 * dot and the container's name behind it and wins over the one for all.
 */
final class PodScript {

  /** Before the names of all annotations. */
  static final String PREFIX = "sandbox.kcm.dev/";

  static final String START_AFTER = "start-after";
  static final String READY_AFTER = "ready-after";
  static final String EXIT_AFTER = "exit-after";
  static final String EXIT_CODE = "exit-code";

  private static final List<String> FOR_CONTAINERS = List.of(READY_AFTER, EXIT_AFTER, EXIT_CODE);
  private static final String NEVER = "never";
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern DURATION = Pattern.compile("0|(\\d{1,9}(ms|s|m|h))+");
  private static final int HIGHEST_CODE = 255;

  private final Map<String, String> settings;

  private PodScript(Map<String, String> settings) {
    this.settings = settings;
  }

  static PodScript of(JsonNode pod) {
    Map<String, String> settings = new LinkedHashMap<>();
    pod.path("metadata")
        .path("annotations")
        .properties()
        .forEach(
            annotation -> {
              if (annotation.getKey().startsWith(PREFIX)) {
                settings.put(
                    annotation.getKey().substring(PREFIX.length()), annotation.getValue().asText());
              }
            });
    return new PodScript(settings);
  }

  boolean isEmpty() {
    return settings.isEmpty();
  }

  /** Everything that cannot be understood, one sentence each. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    settings.forEach(
        (name, value) -> {
          String setting = name.replaceFirst("\\..*", "");
          boolean known = name.equals(START_AFTER) || FOR_CONTAINERS.contains(setting);
          String allowed = known ? allowed(setting) : "";
          if (!known) {
            problems.add(
                ("annotation %s%s is unknown, allowed: %s, and for one container with its name behind a"
                        + " dot or for all: %s")
                    .formatted(PREFIX, name, START_AFTER, String.join(", ", FOR_CONTAINERS)));
          } else if (!value.matches(allowed)) {
            problems.add(
                "annotation %s%s: \"%s\" is not %s"
                    .formatted(PREFIX, name, value, wanted(setting)));
          }
        });
    return problems;
  }

  private static String allowed(String setting) {
    return switch (setting) {
      case EXIT_CODE -> "25[0-5]|2[0-4]\\d|1?\\d?\\d";
      case READY_AFTER -> NEVER + "|" + DURATION.pattern();
      default -> DURATION.pattern();
    };
  }

  private static String wanted(String setting) {
    return switch (setting) {
      case EXIT_CODE -> "a whole number from 0 to " + HIGHEST_CODE;
      case READY_AFTER -> "\"never\" or a time such as 500ms, 90s or 1h30m";
      default -> "a time such as 500ms, 90s or 1h30m";
    };
  }

  /** Time from binding to containers running; empty for the node's own. */
  Optional<Duration> startAfter() {
    return Optional.ofNullable(settings.get(START_AFTER)).map(PodScript::duration);
  }

  /** Time from running to ready, zero unless said; empty for never. */
  Optional<Duration> readyAfter(String container) {
    String value = setting(READY_AFTER, container).orElse("0");
    return value.equals(NEVER) ? Optional.empty() : Optional.of(duration(value));
  }

  /** Time from running to the end; empty for a container that runs on. */
  Optional<Duration> exitAfter(String container) {
    return setting(EXIT_AFTER, container).map(PodScript::duration);
  }

  /** The exit code at that end. */
  int exitCode(String container) {
    return setting(EXIT_CODE, container).map(Integer::parseInt).orElse(0);
  }

  private Optional<String> setting(String name, String container) {
    String own = settings.get(name + "." + container);
    return Optional.ofNullable(own == null ? settings.get(name) : own);
  }

  private static Duration duration(String text) {
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      long number = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
              });
    }
    return sum;
  }
}
