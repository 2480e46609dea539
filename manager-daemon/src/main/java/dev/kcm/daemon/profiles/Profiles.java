package dev.kcm.daemon.profiles;

import dev.kcm.core.time.Environment;
import dev.kcm.daemon.http.Answers;
import dev.kcm.daemon.http.Endpoint;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The endpoints below {@code /debug/pprof/}, under the names that users of the original know.
 *
 * <p>A profile comes as {@code profile.proto}; {@code ?debug=1} gives text, {@code ?format=html} a
 * flame graph, {@code ?format=collapsed} stacks for other tools, and {@code ?format=jfr} the file
 * of the recorder where there is one. {@code ?seconds=N} says how long to record, at most {@value
 * Recorder#MOST_SECONDS}.
 *
 * <p>Thread-safe: the recorder is.
 */
public final class Profiles {

  /** Where all of them are. */
  public static final String PATH = "/debug/pprof/";

  static final HttpString REFUSED = new HttpString("X-Go-Pprof");

  private static final Duration CPU_TIME = Duration.ofSeconds(30);
  private static final Duration OTHER_TIME = Duration.ofSeconds(10);

  /** Words of the command line that nobody else should read. */
  private static final Pattern SECRET =
      Pattern.compile("(--?[^=]*(?:password|secret|token)[^=]*=)(?!/).+");

  private final Environment environment;
  private final boolean contention;
  private final List<String> commandLine;
  private final Recorder recorder;

  private Profiles(Environment environment, boolean contention, List<String> commandLine) {
    this.environment = environment;
    this.contention = contention;
    this.commandLine = List.copyOf(commandLine);
    this.recorder = new Recorder(environment);
  }

  /**
   * The endpoints by path.
   *
   * @param contention whether waiting is recorded; profiles of it are empty otherwise
   * @param commandLine words of the command line of this process
   */
  public static Map<String, Endpoint> endpoints(
      Environment environment, boolean contention, List<String> commandLine) {
    Profiles profiles = new Profiles(environment, contention, commandLine);
    return Map.of(
        "/debug/pprof",
        Profiles::redirect,
        PATH,
        exchange -> Answers.send(exchange, 200, "text/html; charset=utf-8", IndexPage.text()),
        PATH + "*",
        profiles::serve);
  }

  private static void redirect(HttpServerExchange exchange) {
    exchange.setStatusCode(302);
    exchange.getResponseHeaders().put(Headers.LOCATION, PATH);
    exchange.endExchange();
  }

  private void serve(HttpServerExchange exchange) {
    String name = exchange.getRequestPath().substring(PATH.length());
    switch (name) {
      case "profile" -> record(exchange, name, Recording.CPU, CPU_TIME);
      case "allocs" -> record(exchange, name, Recording.ALLOCATIONS, OTHER_TIME);
      case "mutex" -> recordWaiting(exchange, name, Recording.CONTENTION);
      case "block" -> recordWaiting(exchange, name, Recording.BLOCKING);
      case "heap" -> snapshot(exchange, name, () -> HeapByClass.take(isSet(exchange, "gc")));
      case "goroutine", "threads" -> threads(exchange, name);
      case "threadcreate" -> snapshot(exchange, name, Threads::byName);
      case "cmdline" -> Answers.text(exchange, 200, commandLine());
      case "symbol" -> Answers.text(exchange, 200, "num_symbols: 0\n");
      case "trace" ->
          refuse(
              exchange,
              501,
              "This program has no execution trace of goroutines. Use profile?format=jfr for a"
                  + " recording that Java tools read.\n");
      default -> refuse(exchange, 404, "Unknown profile\n");
    }
  }

  private String commandLine() {
    return commandLine.stream()
        .map(word -> SECRET.matcher(word).replaceFirst("$1***"))
        .collect(Collectors.joining("\0"));
  }

  private void threads(HttpServerExchange exchange, String name) {
    if (query(exchange, "debug").equals("2")) {
      Answers.text(exchange, 200, Threads.dump());
    } else {
      snapshot(exchange, name, Threads::byStack);
    }
  }

  private void recordWaiting(HttpServerExchange exchange, String name, Recording kind) {
    if (contention) {
      record(exchange, name, kind, OTHER_TIME);
    } else {
      snapshot(exchange, name, kind::empty);
    }
  }

  private void snapshot(HttpServerExchange exchange, String name, Supplier<StackProfile> taken) {
    Instant now = environment.wallClock().now();
    Shape.of(exchange).send(exchange, name, new Profile(taken.get(), now, Duration.ZERO, 0));
  }

  private void record(
      HttpServerExchange exchange, String name, Recording kind, Duration byDefault) {
    Duration time = byDefault;
    String seconds = query(exchange, "seconds");
    if (!seconds.isEmpty()) {
      if (!seconds.matches("[1-9][0-9]{0,2}")
          || Integer.parseInt(seconds) > Recorder.MOST_SECONDS) {
        refuse(
            exchange,
            400,
            "seconds must be a whole number from 1 to " + Recorder.MOST_SECONDS + "\n");
        return;
      }
      time = Duration.ofSeconds(Integer.parseInt(seconds));
    }
    recorder.record(exchange, name, kind, time);
  }

  static void refuse(HttpServerExchange exchange, int code, String why) {
    exchange.getResponseHeaders().put(REFUSED, "1");
    Answers.text(exchange, code, why);
  }

  private static boolean isSet(HttpServerExchange exchange, String parameter) {
    String value = query(exchange, parameter);
    return !value.isEmpty() && !value.equals("0");
  }

  static String query(HttpServerExchange exchange, String parameter) {
    Deque<String> values = exchange.getQueryParameters().get(parameter);
    return values == null || values.isEmpty() ? "" : values.getFirst();
  }

  /**
   * A profile with its circumstances.
   *
   * @param stacks what was found
   * @param taken when it was begun
   * @param lasted for how long
   * @param period between samples, or 0
   */
  record Profile(StackProfile stacks, Instant taken, Duration lasted, long period) {}

  /** How a profile is written. */
  enum Shape {
    PROTO,
    TEXT,
    HTML,
    COLLAPSED,
    JFR;

    static Shape of(HttpServerExchange exchange) {
      String format = query(exchange, "format");
      for (Shape shape : values()) {
        if (shape.name().equalsIgnoreCase(format)) {
          return shape;
        }
      }
      return query(exchange, "debug").matches("[1-9]") ? TEXT : PROTO;
    }

    void send(HttpServerExchange exchange, String name, Profile profile) {
      switch (this) {
        case TEXT -> Answers.text(exchange, 200, ProfileText.list(name, profile.stacks()));
        case HTML ->
            Answers.send(
                exchange,
                200,
                "text/html; charset=utf-8",
                ProfileText.flameGraph(name, profile.stacks()));
        case COLLAPSED -> Answers.text(exchange, 200, ProfileText.collapsed(profile.stacks()));
        case JFR -> refuse(exchange, 400, "There is no recording of " + name + "\n");
        case PROTO ->
            attach(
                exchange,
                name,
                ProfileProto.of(
                    profile.stacks(), profile.taken(), profile.lasted(), profile.period()));
      }
    }

    static void attach(HttpServerExchange exchange, String file, byte[] body) {
      exchange
          .getResponseHeaders()
          .put(Headers.CONTENT_DISPOSITION, "attachment; filename=\"" + file + "\"");
      Answers.bytes(exchange, "application/octet-stream", body);
    }
  }

  /** The list of profiles. */
  private static final class IndexPage {

    private static final Map<String, String> DESCRIPTIONS =
        Map.ofEntries(
            Map.entry("allocs", "Where memory is asked for, recorded for some seconds"),
            Map.entry(
                "block",
                "Where threads wait for anything, recorded for some seconds; with"
                    + " --contention-profiling"),
            Map.entry("cmdline", "The command line of this program"),
            Map.entry("goroutine", "Stacks of all threads; debug=2 shows their states and locks"),
            Map.entry("heap", "Objects on the heap by class; gc=1 collects garbage first"),
            Map.entry(
                "mutex",
                "Where threads wait for a monitor, recorded for some seconds; with"
                    + " --contention-profiling"),
            Map.entry("profile", "Where time goes on the processors, recorded for 30 seconds"),
            Map.entry("symbol", "Nothing: profiles carry their names with them"),
            Map.entry("threadcreate", "Threads by name"),
            Map.entry("trace", "Refused: there are no goroutines to trace"));

    private static String text() {
      StringBuilder page = new StringBuilder();
      page.append("<html>\n<head>\n<title>/debug/pprof/</title>\n</head>\n<body>\n/debug/pprof/\n")
          .append("<br>\n<p>Set debug=1 as a query parameter to export in text format,")
          .append(" format=html for a flame graph, format=collapsed for stacks, format=jfr for a")
          .append(" recording</p>\n<table>\n")
          .append("<thead><td>Count</td><td>Profile</td><td>Description</td></thead>\n");
      DESCRIPTIONS.keySet().stream()
          .sorted()
          .forEach(
              name ->
                  page.append("<tr><td>")
                      .append(name.equals("goroutine") ? Threads.count() : 0)
                      .append("</td><td><a href='")
                      .append(name)
                      .append("?debug=1'>")
                      .append(name)
                      .append("</a></td><td>")
                      .append(DESCRIPTIONS.get(name))
                      .append("</td></tr>\n"));
      return page.append(
              "</table>\n<a href=\"goroutine?debug=2\">full stack dump</a>\n</body>\n</html>\n")
          .toString();
    }
  }
}
