package dev.kcm.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSeriesRecorderTest {

  private static final String EVENTS = "events.events.k8s.io";

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(11);
  private final ScriptedApi api = ScriptedApi.on(environment);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EventSeriesRecorder recorder =
      EventSeriesRecorder.of("test.kcm.dev/pods", "host-1", api, meters, environment);

  private static Action.Emit emit(String pod, String message) {
    return new Action.Emit(
        Pods.named(pod), Pods.TYPE, Action.Severity.WARNING, "BackOff", message, "tell");
  }

  private void record(String pod) {
    recorder.accept(emit(pod, "it failed"));
    environment.run();
  }

  private List<String> patches() {
    return api.requests("patch").stream().map(r -> r.body().toString()).toList();
  }

  private double count(String result) {
    Counter counter = meters.find(EventMeters.EVENTS).tag("result", result).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void theFirstIsCreatedWithAllTheServerWants() {
    recorder.accept(emit("web", "it failed").during("Restarting"));
    environment.run();

    Event event = (Event) api.requests("create").get(0).body();
    assertThat(api.requests("create").get(0).resource()).isEqualTo(EVENTS);
    assertThat(event.getMetadata().getNamespace()).isEqualTo("default");
    assertThat(event.getMetadata().getName()).startsWith("web.");
    assertThat(event.getEventTime().getTime()).isEqualTo("2026-01-01T00:00:00.000000Z");
    assertThat(event.getReportingController()).isEqualTo("test.kcm.dev/pods");
    assertThat(event.getReportingInstance()).isEqualTo("host-1");
    assertThat(event.getAction()).isEqualTo("Restarting");
    assertThat(event.getReason()).isEqualTo("BackOff");
    assertThat(event.getType()).isEqualTo("Warning");
    assertThat(event.getNote()).isEqualTo("it failed");
    assertThat(event.getRegarding().getUid()).isEqualTo("uid-web");
    assertThat(event.getSeries()).isNull();
  }

  @Test
  void aRelatedObjectIsNamedAndTellsSeriesApart() {
    recorder.accept(emit("web", "it failed").relatedTo(Pods.named("a"), Pods.TYPE));
    recorder.accept(emit("web", "it failed").relatedTo(Pods.named("b"), Pods.TYPE));
    recorder.accept(emit("web", "it failed"));
    environment.run();

    assertThat(api.requests("create"))
        .extracting(request -> ((Event) request.body()).getRelated())
        .extracting(related -> related == null ? "" : related.getUid())
        .containsExactly("uid-a", "uid-b", "");
    assertThat(patches()).isEmpty();
  }

  @Test
  void theSecondMakesASeriesAndLaterOnesOnlyCount() {
    record("web");
    environment.advance(Duration.ofSeconds(1));
    record("web");
    environment.advance(Duration.ofSeconds(1));
    record("web");
    record("web");

    assertThat(api.requests("create")).hasSize(1);
    assertThat(patches())
        .containsExactly(
            "{\"series\":{\"count\":2,\"lastObservedTime\":\"2026-01-01T00:00:01.000000Z\"}}");
    assertThat(count("counted")).isEqualTo(2);
  }

  @Test
  void actionReasonTypeAndObjectTellSeriesApartAndTheNoteDoesNot() {
    recorder.accept(emit("web", "one"));
    recorder.accept(emit("web", "two"));
    recorder.accept(emit("db", "one"));
    recorder.accept(emit("web", "one").during("Pulling"));
    environment.run();

    assertThat(api.requests("create")).hasSize(3);
    assertThat(api.requests("patch")).hasSize(1);
  }

  @Test
  void theCountIsWrittenEveryThirtyMinutesWhileItGoesOn() {
    for (int minute = 0; minute <= 61; minute++) {
      record("web");
      environment.advance(Duration.ofMinutes(1));
    }

    assertThat(api.requests("create")).hasSize(1);
    assertThat(patches()).hasSize(3);
    assertThat(patches().get(1)).contains("\"count\":30").contains("00:29:00");
    assertThat(patches().get(2)).contains("\"count\":60").contains("00:59:00");
  }

  @Test
  void aSeriesIsOverSixMinutesAfterItsLastEventAndTellsItsCount() {
    record("web");
    record("web");
    record("web");
    environment.advance(Duration.ofMinutes(12));
    assertThat(patches()).hasSize(2);
    assertThat(patches().get(1)).contains("\"count\":3");
    assertThat(environment.hasWork()).as("no timer while there is no series").isFalse();

    record("web");
    assertThat(api.requests("create")).hasSize(2);
  }

  @Test
  void aSeriesWhoseEventHasExpiredIsCreatedAnew() {
    record("web");
    api.objects().clear();
    record("web");

    assertThat(api.requests())
        .extracting(ScriptedApi.Request::verb)
        .containsExactly("create", "patch", "create");
    assertThat(((Event) api.requests().get(2).body()).getSeries().getCount()).isEqualTo(2);
  }

  @Test
  void triesTwelveTimesTenToTwelveAndAHalfSecondsApart() {
    api.rejecting("create", ScriptedApi.error(Kind.UNREACHABLE));
    record("web");
    environment.advance(Duration.ofSeconds(10).minusMillis(1));
    assertThat(api.requests()).hasSize(1);
    environment.advance(Duration.ofMillis(2501));
    assertThat(api.requests()).hasSize(2);
    environment.advance(Duration.ofMinutes(5));

    assertThat(api.requests()).hasSize(EventOutbox.MOST_TRIES);
    assertThat(count("failed")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"SERVER_ERROR", "FORBIDDEN", "ALREADY_EXISTS", "INVALID"})
  void anyAnswerOfTheServerIsFinal(Kind kind) {
    api.rejecting("create", ScriptedApi.error(kind));
    record("web");
    environment.advance(Duration.ofMinutes(5));

    assertThat(api.requests()).hasSize(1);
    assertThat(count("failed")).isEqualTo(1);
  }

  @Test
  void goesOnWithCoreEventsWhereTheGroupIsNotServed() {
    ApiError notServed = ApiError.of(Kind.NOT_FOUND, 404, "the server answered 404");
    api.answering(r -> r.resource().equals(EVENTS) ? Optional.of(notServed) : Optional.empty());
    recorder.accept(emit("web", "one"));
    recorder.accept(emit("db", "two"));
    environment.run();
    record("cache");

    assertThat(api.requests().stream().map(ScriptedApi.Request::resource))
        .containsExactly(EVENTS, "events", "events", "events");
    CompletableFuture<Integer> closed = recorder.close(EventSink.FLUSH);
    environment.run();
    assertThat(closed).isCompletedWithValue(0);
    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void aNamespaceThatIsMissingIsNoReasonToFallBack() {
    ApiError missing =
        new ApiError(Kind.NOT_FOUND, 404, "NotFound", "no such namespace", List.of(), null);
    api.rejecting("create", missing);
    record("web");
    record("db");

    assertThat(api.requests()).extracting(ScriptedApi.Request::resource).containsOnly(EVENTS);
    assertThat(count("failed")).isEqualTo(2);
  }

  @Test
  void cutsANoteAtItsBytesAndNeverInsideACharacter() {
    assertThat(EventSeries.cut("short")).isEqualTo("short");
    assertThat(EventSeries.cut("x".repeat(2000))).hasSize(1024);
    String cut = EventSeries.cut("x" + "€".repeat(1000));
    assertThat(cut.getBytes(StandardCharsets.UTF_8)).hasSize(1 + 341 * 3);
    assertThat(cut).endsWith("€");
  }

  @Test
  void refusesWhatTheServerWouldRefuseWhenItIsCalled() {
    Action.Emit longAction = emit("web", "m").during("x".repeat(129));

    assertThatThrownBy(() -> recorder.accept(longAction))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("action of an event")
        .hasMessageContaining("1 to 128");
    assertThatThrownBy(() -> EventSeriesRecorder.of("c", "", api, meters, environment))
        .hasMessageContaining("reporting instance");
    environment.run();
    assertThat(api.requests()).isEmpty();
  }

  @Test
  void memoryIsBoundedAndWhatIsDroppedIsCounted() {
    api.after(r -> Optional.empty());
    for (int i = 0; i < 1500; i++) {
      recorder.accept(emit("web-" + i, "m"));
    }
    environment.run();

    assertThat(api.requests()).hasSize(1);
    assertThat(count("overflow")).isEqualTo(500);
  }

  @Test
  void closingWritesWhatWaitsAndTheCountsOfSeries() {
    record("web");
    record("web");
    record("web");
    api.after(r -> Optional.of(Duration.ofMillis(100)));
    recorder.accept(emit("db", "m"));
    CompletableFuture<Integer> closed = recorder.close(EventSink.FLUSH);
    recorder.accept(emit("late", "m"));
    environment.advance(Duration.ofSeconds(2));

    assertThat(closed).isCompletedWithValue(0);
    assertThat(api.requests("create")).hasSize(2);
    assertThat(patches()).hasSize(2);
    assertThat(patches().get(1)).contains("\"count\":3");
    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void closingGivesUpAfterItsTime() {
    api.rejecting("create", ScriptedApi.error(Kind.UNREACHABLE));
    List.of("a", "b", "c").forEach(name -> recorder.accept(emit(name, "m")));
    CompletableFuture<Integer> closed = recorder.close(EventSink.FLUSH);
    environment.advance(Duration.ofSeconds(5));

    assertThat(closed).isCompletedWithValue(3);
  }
}
