package dev.kcm.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventCorrelatorTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private int named;
  private String host = "";
  private Duration now = Duration.ZERO;
  private final EventCorrelator correlator = new EventCorrelator(o -> "event-" + ++named);

  @Test
  void countsARepeatedEventUnderItsFirstNameAndTime() {
    EventWrite first = correlate("web", "Failed", "no quota").orElseThrow();
    now = Duration.ofMinutes(1);
    EventWrite second = correlate("web", "Failed", "no quota").orElseThrow();

    assertThat(first.isRepetition()).isFalse();
    assertThat(second.isRepetition()).isTrue();
    assertThat(second.count()).isEqualTo(2);
    assertThat(second.name()).isEqualTo(first.name());
    assertThat(second.first()).isEqualTo(START);
    assertThat(second.occurrence().at()).isEqualTo(START.plusSeconds(60));
  }

  @Test
  void keepsReasonsMessagesAndObjectsApart() {
    assertThat(correlate("web", "Failed", "a").orElseThrow().count()).isEqualTo(1);
    assertThat(correlate("web", "Failed", "b").orElseThrow().count()).isEqualTo(1);
    assertThat(correlate("web", "Created", "a").orElseThrow().count()).isEqualTo(1);
    assertThat(correlate("db", "Failed", "a").orElseThrow().count()).isEqualTo(1);
  }

  @Test
  @DisplayName("T-83 of many distinct messages 9 come single, the others combined")
  void combinesFromTheTenthDistinctMessageOn() {
    List<EventWrite> writes = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      now = Duration.ofMillis(120L * i);
      correlate("web", "Failed", "message " + i).ifPresent(writes::add);
    }

    assertThat(writes).hasSize(EventCorrelator.BURST);
    assertThat(writes.subList(0, 9)).allMatch(w -> w.count() == 1);
    assertThat(writes.subList(0, 9)).noneMatch(w -> w.message().startsWith("(combined"));
    assertThat(writes.get(9).message()).isEqualTo("(combined from similar events): message 9");
    assertThat(writes.get(9).count()).isEqualTo(1);
    assertThat(writes.get(24).message()).isEqualTo("(combined from similar events): message 24");
    assertThat(writes.get(24).count()).isEqualTo(16);
    assertThat(writes.get(24).name()).isEqualTo(writes.get(9).name());
  }

  @Test
  void startsAnewAfterTenQuietMinutes() {
    for (int i = 0; i < 9; i++) {
      correlate("web", "Failed", "message " + i);
    }
    now = Duration.ofMinutes(10);
    assertThat(correlate("web", "Failed", "at ten").orElseThrow().message()).startsWith("(comb");
    now = Duration.ofMinutes(20).plusMillis(1);
    assertThat(correlate("web", "Failed", "later").orElseThrow().message()).isEqualTo("later");
  }

  @Test
  @DisplayName("T-83 the 26th event in a second is dropped, after 300 s one more passes")
  void silencesASourceThatTalksTooMuch() {
    for (int i = 0; i < 25; i++) {
      assertThat(correlate("web", "R" + i % 5, "same")).isPresent();
    }
    assertThat(correlate("web", "R9", "same")).isEmpty();
    assertThat(correlate("db", "R9", "same")).isPresent();

    now = Duration.ofSeconds(299);
    assertThat(correlate("web", "R9", "same")).isEmpty();
    now = Duration.ofSeconds(301);
    assertThat(correlate("web", "R9", "same").orElseThrow().count()).isEqualTo(3);
    assertThat(correlate("web", "R9", "same")).isEmpty();
  }

  @Test
  void remembersTheSourcesUsedLast() {
    correlate("first", "Failed", "same");
    for (int i = 0; i < EventCorrelator.MEMORY; i++) {
      correlate("other-" + i, "Failed", "same");
    }
    assertThat(correlate("first", "Failed", "same").orElseThrow().count()).isEqualTo(1);
    assertThat(correlate("other-4095", "Failed", "same").orElseThrow().count()).isEqualTo(2);
  }

  @Test
  @DisplayName("HLP-11 hosts of one component are silenced each for itself")
  void hostsAreTheirOwnSources() {
    for (int i = 0; i < EventCorrelator.BURST; i++) {
      assertThat(correlate("web", "Failed", "no quota")).isPresent();
    }
    assertThat(correlate("web", "Failed", "no quota")).isEmpty();
    host = "node-2";
    assertThat(correlate("web", "Failed", "no quota")).isPresent();
  }

  private Optional<EventWrite> correlate(String object, String reason, String message) {
    return correlator.correlate(
        new Occurrence(
            new EventOutbox.Reporter("test-controller", host),
            new ObjectReferenceBuilder().withKind("Pod").withName(object).build(),
            null,
            "Warning",
            reason,
            message,
            START.plus(now),
            now.toNanos()));
  }
}
