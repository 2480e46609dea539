package dev.kcm.daemon.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import dev.kcm.daemon.logs.LogConfig.Format;
import dev.kcm.daemon.logs.LogConfig.ModuleLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;

class LoggingTest {

  private static final String HEADER =
      "[IWE]\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{6}    5140 LoggingTest\\.java:\\d+] ";

  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Logger log = context.getLogger(LoggingTest.class);
  private final Logger foreign = context.getLogger("org.xnio");

  private Logging start(LogConfig config) {
    context.setMDCAdapter(new ch.qos.logback.classic.util.LogbackMDCAdapter());
    return Logging.start(
        context,
        config,
        value ->
            value instanceof Thread ? Optional.of(new ObjectName("ns", "obj")) : Optional.empty(),
        new Logging.Streams(out, err, ZoneOffset.UTC, 5140));
  }

  private static LogConfig text(int verbosity, ModuleLevel... modules) {
    return new LogConfig(Format.TEXT, verbosity, List.of(modules), false, "", "", 0);
  }

  private static LogConfig json(int verbosity) {
    return new LogConfig(Format.JSON, verbosity, List.of(), false, "", "", 0);
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private String written() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** What was written, with the header of each line cut off after a look at it. */
  private String messages() {
    StringBuilder messages = new StringBuilder();
    for (String line : written().split("\n", -1)) {
      messages.append(line.replaceFirst("^" + HEADER, "")).append('\n');
    }
    return messages.toString().strip();
  }

  @Test
  void writesTheHeaderOfKubernetesComponents() {
    start(text(0));
    log.info("Serving securely on {}", "127.0.0.1:10257");
    log.warn("careful");
    log.error("lost");
    assertThat(written().lines()).allMatch(line -> line.matches(HEADER + ".*"));
    assertThat(written().lines().map(line -> line.charAt(0))).containsExactly('I', 'W', 'E');
    assertThat(messages()).isEqualTo("Serving securely on 127.0.0.1:10257\ncareful\nlost");
  }

  @Test
  void quotesTheMessageOnceThereAreKeys() {
    start(text(0));
    log.atInfo()
        .addKeyValue("pod", Thread.currentThread())
        .addKeyValue("name", "a \"b\"")
        .addKeyValue("count", 3)
        .addKeyValue("ok", true)
        .addKeyValue("none", (Object) null)
        .addKeyValue("took", Duration.ofMillis(1500))
        .addKeyValue("list", List.of("a", 1))
        .addKeyValue("map", new TreeMap<>(Map.of("k", "v")))
        .addKeyValue("maybe", Optional.of("x"))
        .log("Deleted {}", "it");
    assertThat(messages())
        .isEqualTo(
            "\"Deleted it\" pod=\"ns/obj\" name=\"a \\\"b\\\"\" count=3 ok=true none=<nil>"
                + " took=\"1.5s\" list=[\"a\",1] map={\"k\":\"v\"} maybe=\"x\"");
  }

  @Test
  void putsErrorAndLoggerBeforeTheOtherKeys() {
    start(text(0));
    log.atError()
        .addKeyValue("key", "default/web")
        .addKeyValue("logger", "job-controller")
        .setCause(new IOException("refused", new IOException("no route")))
        .log("Sync failed");
    assertThat(messages())
        .isEqualTo(
            "\"Sync failed\" err=\"refused: no route\" logger=\"job-controller\" key=\"default/web\"");
  }

  @Test
  void takesTheControllerFromTheThreadContext() {
    start(text(0));
    context.getMDCAdapter().put("logger", "job-controller");
    log.info("hello");
    assertThat(messages()).isEqualTo("\"hello\" logger=\"job-controller\"");
  }

  @Test
  void indentsValuesOfSeveralLines() {
    start(text(0));
    log.atInfo().addKeyValue("a", "one\ntwo").addKeyValue("b", "x\n").log("m");
    assertThat(messages()).isEqualTo("\"m\" a=<\n\tone\n\ttwo\n > b=<\n\tx\n >");
  }

  @Test
  void showsStacksOfFaultsAlwaysAndOfOtherErrorsWhenDebugging() {
    Logging logging = start(text(0));
    log.error("Foreseen", new IOException("refused"));
    assertThat(messages()).isEqualTo("\"Foreseen\" err=\"refused\"");
    log.error("Fault", new IllegalStateException("x", new NullPointerException("y is null")));
    assertThat(messages())
        .contains("\"Fault\" err=\"x: NullPointerException: y is null\" stack=<\n")
        .contains("\tat dev.kcm.daemon.logs.LoggingTest.")
        .endsWith("\n >");
    err.reset();
    logging.setVerbosity(4);
    log.error("Foreseen", new IOException("refused"));
    assertThat(messages()).contains("stack=<");
  }

  @Test
  void namesThrowablesWithoutAMessage() {
    start(text(0));
    log.error("m", new IOException());
    log.atWarn().addKeyValue("err", new IOException("given")).log("n");
    assertThat(messages()).isEqualTo("\"m\" err=\"IOException\"\n\"n\" err=\"given\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0, E W I",
    "1, E W I",
    "2, E W I v2 foreign",
    "4, E W I v2 debug foreign",
    "6, E W I v2 debug trace foreign",
    "7, E W I v2 debug trace foreign",
    "8, E W I v2 debug trace foreign foreign-debug",
    "10, E W I v2 debug trace foreign foreign-debug",
    "99, E W I v2 debug trace foreign foreign-debug",
  })
  void verbosityDecidesWhatShows(int verbosity, String expected) {
    start(text(verbosity));
    log.error("E");
    log.warn("W");
    log.info("I");
    log.atInfo().addKeyValue("v", 2).log("v2");
    log.debug("debug");
    log.trace("trace");
    foreign.info("foreign");
    foreign.debug("foreign-debug");
    foreign.trace("foreign-trace");
    assertThat(messages().replace('\n', ' ')).isEqualTo(expected);
  }

  @Test
  void verbosityChangesAtRunTime() {
    Logging logging = start(text(0));
    log.debug("before");
    logging.setVerbosity(5);
    log.debug("between");
    logging.setVerbosity(0);
    log.debug("after");
    assertThat(messages()).isEqualTo("between");
    assertThat(logging.verbosity()).isZero();
    assertThatThrownBy(() -> logging.setVerbosity(-1)).hasMessageContaining("verbosity -1");
  }

  @ParameterizedTest
  @CsvSource({
    "LoggingTest, true",
    "loggingtest, true",
    "logging_test, true",
    "Logging*, true",
    "L?ggingTest, true",
    "*, true",
    "logs/LoggingTest, true",
    "dev.kcm.daemon.*, true",
    "Logging, false",
    "daemon, false",
    "xnio, false",
  })
  void modulesRaiseSingleLoggers(String pattern, boolean raised) {
    start(text(0, new ModuleLevel(pattern, 5)));
    log.debug("debug");
    log.trace("trace");
    log.atInfo().addKeyValue("v", 3).log("v3");
    assertThat(messages()).isEqualTo(raised ? "debug\nv3" : "");
  }

  @Test
  void modulesDoNotRaiseLibrariesToWhereTheyWriteHeadersAndBodies() {
    start(text(0, new ModuleLevel("*", 99)));
    foreign.debug("debug");
    foreign.trace("trace");
    assertThat(messages()).isEqualTo("debug");
  }

  @Test
  void modulesNeverLowerALogger() {
    Logging logging = start(text(0, new ModuleLevel("LoggingTest", 4)));
    logging.setVerbosity(6);
    log.trace("trace");
    assertThat(messages()).isEqualTo("trace");
  }

  @Test
  void writesJsonObjects() {
    start(json(2));
    log.atInfo()
        .addKeyValue("v", 2)
        .addKeyValue("logger", "job-controller")
        .addKeyValue("pod", Thread.currentThread())
        .addKeyValue("count", 3)
        .addKeyValue("text", "a\n\"b\"\u0001")
        .addKeyValue("nan", Double.NaN)
        .log("Deleted");
    assertThat(written())
        .matches("\\{\"ts\":\\d{13}\\.\\d{3},[^\n]*}\n")
        .contains("\"logger\":\"job-controller\",\"caller\":\"logs/LoggingTest.java:")
        .endsWith(
            "\"msg\":\"Deleted\",\"v\":2,\"pod\":{\"name\":\"obj\",\"namespace\":\"ns\"},"
                + "\"count\":3,\"text\":\"a\\n\\\"b\\\"\\u0001\",\"nan\":\"NaN\"}\n");
  }

  @Test
  void jsonErrorsHaveNoVerbosity() {
    start(json(0));
    log.error("Sync failed", new IOException("refused"));
    assertThat(written()).endsWith("\"msg\":\"Sync failed\",\"err\":\"refused\"}\n");
  }

  @Test
  void splitStreamsDivideErrorsFromTheRest() {
    start(new LogConfig(Format.TEXT, 0, List.of(), true, "", "", 0));
    log.info("info");
    log.error("error");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("info").doesNotContain("error");
    assertThat(written()).contains("error").doesNotContain("info");
  }

  @Test
  void everythingGoesToStandardError() {
    start(text(0));
    log.info("info");
    assertThat(out.size()).isZero();
  }

  @Test
  void alsoWritesADatedFileWithALinkInADirectory(@TempDir Path dir) throws IOException {
    Path logs = dir.resolve("var/log");
    Logging logging =
        start(new LogConfig(Format.TEXT, 0, List.of(), false, logs.toString(), "", 0));
    log.info("hello");
    logging.close();
    Path link = logs.resolve("kube-controller-manager.INFO");
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.readSymbolicLink(link).toString())
        .matches("kube-controller-manager\\.log\\.INFO\\.\\d{8}-\\d{6}\\.\\d{3}\\.5140");
    assertThat(Files.readString(link)).isEqualTo(written()).contains("hello");
  }

  @Test
  void aFixedFileIsAppendedToAndSetAsideAtItsSize(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("kcm.log");
    Files.writeString(file, "old\n");
    LogConfig config = new LogConfig(Format.TEXT, 0, List.of(), false, "", file.toString(), 1);
    Logging logging = start(config);
    String filler = "x".repeat(300_000);
    for (int i = 0; i < 4; i++) {
      log.info("{} {}", i, filler);
    }
    logging.close();
    assertThat(Files.readString(dir.resolve("kcm.log.1"))).startsWith("old\n").contains("] 2 x");
    assertThat(Files.readString(file)).contains("] 3 x").doesNotContain("] 2 x");
  }

  @Test
  void anUnusableFileIsReportedAndLeftOut(@TempDir Path dir) throws IOException {
    Path blocked = Files.createFile(dir.resolve("file"));
    start(
        new LogConfig(Format.TEXT, 0, List.of(), false, blocked.resolve("sub").toString(), "", 0));
    log.info("on");
    assertThat(messages())
        .contains("cannot write the log to " + blocked.resolve("sub"))
        .endsWith("on");
  }

  @Test
  void earlyLoggingIsFoundAsAService() {
    ch.qos.logback.classic.Logger root =
        ((LoggerContext) org.slf4j.LoggerFactory.getILoggerFactory())
            .getLogger(Logger.ROOT_LOGGER_NAME);
    assertThat(Stream.of(root.getAppender("standard error"))).doesNotContainNull();
  }
}
