package dev.kcm.daemon.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.time.VirtualEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What systemd is told, and when. */
class NotifierTest {

  @TempDir Path directory;

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final List<String> sent = new ArrayList<>();
  private Optional<String> unwell = Optional.empty();

  private Notifier notifier(Optional<Duration> watchdog) {
    return new SystemdNotifier(
        assignments -> sent.add(String.join(" ", assignments)), watchdog, environment);
  }

  @Test
  void saysNothingWithoutASocket() {
    assertThat(Notifier.of(Map.of(), environment)).isSameAs(Notifier.NONE);
    assertThat(Notifier.of(Map.of("NOTIFY_SOCKET", ""), environment)).isSameAs(Notifier.NONE);
    Notifier.NONE.status("x");
    Notifier.NONE.ready(Optional::empty);
    assertThat(Notifier.NONE.stopping()).isCompleted();
    environment.advance(Duration.ofHours(1));
    assertThat(Notifier.of(Map.of("NOTIFY_SOCKET", "/run/x"), environment))
        .isNotSameAs(Notifier.NONE);
  }

  @Test
  void tellsOfStartWorkAndStopInOrder() {
    Notifier notifier = notifier(Optional.empty());
    notifier.status("standby");
    notifier.ready(() -> unwell);
    notifier.ready(() -> unwell);
    notifier.status("leader");
    CompletableFuture<Void> told = notifier.stopping();
    notifier.status("leader after all");
    assertThat(told).isNotDone();
    environment.advance(Duration.ofHours(1));
    assertThat(told).isCompleted();
    assertThat(sent)
        .containsExactly(
            "STATUS=standby", "READY=1", "STATUS=leader", "STOPPING=1 STATUS=stopping");
  }

  @Test
  void feedsTheWatchdogTwiceInItsIntervalWhileAllIsWell() {
    Notifier notifier = notifier(Optional.of(Duration.ofSeconds(60)));
    environment.advance(Duration.ofMinutes(10));
    assertThat(sent).isEmpty();

    notifier.ready(() -> unwell);
    environment.advance(Duration.ofSeconds(29));
    assertThat(sent).containsExactly("READY=1");
    environment.advance(Duration.ofSeconds(91));
    assertThat(sent)
        .containsExactly("READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1");

    unwell = Optional.of("the lease has not been renewed");
    environment.advance(Duration.ofMinutes(2));
    assertThat(sent).hasSize(5);

    unwell = Optional.empty();
    environment.advance(Duration.ofSeconds(30));
    assertThat(sent).hasSize(6);

    var unused = notifier.stopping();
    environment.advance(Duration.ofMinutes(5));
    assertThat(sent).hasSize(7).last().isEqualTo("STOPPING=1 STATUS=stopping");
  }

  @Test
  void goesOnWhenAMessageCannotBeSent() {
    List<String> tried = new ArrayList<>();
    Notifier notifier =
        new SystemdNotifier(
            assignments -> {
              tried.add(assignments.get(0));
              throw new IOException("no such program");
            },
            Optional.of(Duration.ofSeconds(10)),
            environment);
    notifier.ready(() -> unwell);
    environment.advance(Duration.ofSeconds(10));
    var unused = notifier.stopping();
    environment.advance(Duration.ofSeconds(1));
    assertThat(tried).containsExactly("READY=1", "WATCHDOG=1", "WATCHDOG=1", "STOPPING=1");
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "60000000 | 77   | PT1M",
        "60000000 | NULL | PT1M",
        "1500000  | 77   | PT1.5S",
        "60000000 | 78   | NULL",
        "NULL     | 77   | NULL",
        "0        | 77   | NULL",
        "-5       | 77   | NULL",
        "soon     | 77   | NULL",
        "9223372036854775807 | 77 | NULL",
      },
      delimiter = '|',
      nullValues = "NULL")
  void readsTheIntervalOfTheWatchdog(String micros, String pid, Duration expected) {
    Map<String, String> variables = new java.util.HashMap<>();
    if (micros != null) {
      variables.put("WATCHDOG_USEC", micros);
    }
    if (pid != null) {
      variables.put("WATCHDOG_PID", pid);
    }
    assertThat(Watchdog.interval(variables, 77)).isEqualTo(Optional.ofNullable(expected));
  }

  @Test
  void handsEachAssignmentToTheCommandAsOneWord() throws Exception {
    Path heard = directory.resolve("heard");
    Path program = script("printf '%s\\n' \"$@\" >>" + heard);
    NotifyCommand command = new NotifyCommand(program.toString(), Duration.ofSeconds(30));

    command.send(List.of("READY=1", "STATUS=standby: waits for a lease"));
    command.send(List.of("WATCHDOG=1"));

    assertThat(heard).hasContent("READY=1\nSTATUS=standby: waits for a lease\nWATCHDOG=1\n");
  }

  @Test
  void saysWhyTheCommandFailed() throws Exception {
    Path failing = script("echo Connection refused >&2; exit 3");
    assertThatThrownBy(
            () ->
                new NotifyCommand(failing.toString(), Duration.ofSeconds(30))
                    .send(List.of("READY=1")))
        .isInstanceOf(IOException.class)
        .hasMessage(failing + " ended with 3: Connection refused");
    Path hanging = script("exec sleep 1000");
    assertThatThrownBy(
            () -> new NotifyCommand(hanging.toString(), Duration.ZERO).send(List.of("READY=1")))
        .isInstanceOf(IOException.class)
        .hasMessage(hanging + " did not end within 0 s");
    String missing = directory.resolve("missing").toString();
    assertThatThrownBy(
            () -> new NotifyCommand(missing, Duration.ofSeconds(30)).send(List.of("READY=1")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(missing);
  }

  private Path script(String body) throws IOException {
    Path file = Files.createTempFile(directory, "systemd-notify", ".sh");
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
