package dev.kcm.daemon.endpoints;

import dev.kcm.core.time.WallClock;
import dev.kcm.daemon.http.Answers;
import dev.kcm.daemon.http.Endpoint;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.options.ProductVersion;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Pages that show how the process runs: {@code /configz}, {@code /flagz}, {@code /statusz} and
 * {@code /debug/flags/v}.
 */
public final class DebugPages {

  private static final String WARNING =
      "Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility"
          + " guarantees and is for debugging purposes only.\n";

  private static final DateTimeFormatter GO_DATE =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss 'UTC' yyyy", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private DebugPages() {}

  /** The settings in force as JSON; they do not change. */
  public static Endpoint configz(Options options) {
    String document = Configz.of(options);
    return exchange -> Answers.send(exchange, 200, "application/json", document);
  }

  /** All flags with their values. */
  public static Endpoint flagz(String program, Options options) {
    Map<String, String> flags = options.printed();
    String page =
        "\n%s flags\n%s\n%s"
            .formatted(
                program,
                WARNING,
                flags.entrySet().stream()
                    .map(flag -> flag.getKey() + ": " + flag.getValue() + "\n")
                    .collect(Collectors.joining()));
    return exchange -> plainText(exchange, page);
  }

  /**
   * Since when the process runs, and as which release.
   *
   * @param started when it started
   */
  public static Endpoint statusz(
      String program, Options options, Instant started, WallClock clock) {
    return exchange ->
        plainText(
            exchange,
            """

            %s statusz
            %s
            Started  %s
            Up  %s
            Go version  java%s
            Binary version  %s
            Emulation version  %s
            """
                .formatted(
                    program,
                    WARNING,
                    GO_DATE.format(started),
                    up(Duration.between(started, clock.now())),
                    Runtime.version(),
                    ProductVersion.MINOR,
                    options.featureGates().emulatedVersion()));
  }

  private static String up(Duration time) {
    return "%d hr %02d min %02d sec"
        .formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }

  /** Both pages are for people, so a client that wants something else gets nothing. */
  private static void plainText(HttpServerExchange exchange, String page) {
    if (!takesText(exchange.getRequestHeaders().getFirst(Headers.ACCEPT))) {
      Answers.text(exchange, 406, "Not Acceptable\n");
      return;
    }
    Answers.text(exchange, 200, page);
  }

  private static boolean takesText(@Nullable String accept) {
    return accept == null
        || accept.isBlank()
        || accept.contains("*/*")
        || accept.contains("text/*")
        || accept.contains("text/plain");
  }

  /**
   * Sets the verbosity of the log by PUT.
   *
   * @param verbosity takes the new value
   */
  public static Endpoint verbosity(IntConsumer verbosity) {
    return exchange -> {
      if (!exchange.getRequestMethod().toString().equals("PUT")) {
        Answers.text(exchange, 406, "unsupported http method");
        return;
      }
      exchange.startBlocking();
      try {
        String text =
            new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        verbosity.accept(Integer.parseInt(text));
        Answers.text(exchange, 200, "successfully set klog.logging.verbosity to " + text);
      } catch (IOException e) {
        Answers.text(exchange, 400, "error reading the request body\n");
      } catch (NumberFormatException e) {
        Answers.text(
            exchange,
            400,
            "failed to set klog.logging.verbosity: the body must be a whole number\n");
      }
    };
  }
}
