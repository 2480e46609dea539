package dev.kcm.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EventRecorderTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(11);
  private final ScriptedApi api = ScriptedApi.on(environment);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EventRecorder recorder =
      EventRecorder.of("test-controller", api, meters, environment);

  @Test
  void writesAnEventAsKubectlExpectsIt() {
    recorder.accept(emit("web-1", "Created pod: web-1"));
    environment.run();

    Event event = (Event) api.requests("create").get(0).body();
    assertThat(event.getMetadata().getName()).isEqualTo("web-1.18867251edfa0000");
    assertThat(event.getMetadata().getNamespace()).isEqualTo("default");
    assertThat(event.getInvolvedObject().getKind()).isEqualTo("Pod");
    assertThat(event.getInvolvedObject().getApiVersion()).isEqualTo("v1");
    assertThat(event.getInvolvedObject().getUid()).isEqualTo("uid-web-1");
    assertThat(event.getSource().getComponent()).isEqualTo("test-controller");
    assertThat(event.getReportingComponent()).isEqualTo("test-controller");
    assertThat(event.getType()).isEqualTo("Normal");
    assertThat(event.getCount()).isEqualTo(1);
    assertThat(event.getFirstTimestamp()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(count("written")).isEqualTo(1);
  }

  @Test
  @DisplayName("HLP-9 an event names the host of its source, and what it is related to")
  void namesTheHostAndTheRelatedObject() {
    EventRecorder onHost =
        EventRecorder.of("test-controller", "node-1", api, new SimpleMeterRegistry(), environment);
    onHost.accept(emit("web-1", "moved").relatedTo(Pods.named("web-2"), Pods.TYPE));
    recorder.accept(emit("web-1", "moved"));
    environment.run();

    assertThat(api.requests("create"))
        .extracting(request -> (Event) request.body())
        .satisfiesExactlyInAnyOrder(
            event -> {
              assertThat(event.getSource().getHost()).isEqualTo("node-1");
              assertThat(event.getReportingInstance()).isEqualTo("node-1");
              assertThat(event.getRelated().getName()).isEqualTo("web-2");
            },
            event -> {
              assertThat(event.getSource().getHost()).isNull();
              assertThat(event.getReportingInstance()).isEmpty();
              assertThat(event.getRelated()).isNull();
            });
  }

  @Test
  void patchesTheCountOfARepeatedEvent() {
    recorder.accept(emit("web-1", "say \"hi\""));
    environment.advance(Duration.ofSeconds(2));
    recorder.accept(emit("web-1", "say \"hi\""));
    environment.run();

    ScriptedApi.Request patch = api.requests("patch").get(0);
    assertThat(patch.key()).isEqualTo(api.requests("create").get(0).key());
    assertThat(patch.body())
        .isEqualTo(
            "{\"count\":2,\"lastTimestamp\":\"2026-01-01T00:00:02Z\","
                + "\"message\":\"say \\\"hi\\\"\"}");
  }

  @Test
  void createsARepeatedEventThatHasExpiredMeanwhile() {
    recorder.accept(emit("web-1", "again"));
    environment.run();
    api.objects().clear();
    recorder.accept(emit("web-1", "again"));
    environment.run();

    Event second = (Event) api.requests("create").get(1).body();
    assertThat(second.getCount()).isEqualTo(2);
    assertThat(count("written")).isEqualTo(2);
  }

  @Test
  void twoEventsOfOneMomentHaveTwoNames() {
    recorder.accept(emit("web-1", "one"));
    recorder.accept(emit("web-1", "two"));
    environment.run();

    assertThat(api.objects()).hasSize(2);
  }

  @Test
  void eventsOfClusterObjectsGoToTheDefaultNamespaceUnderAValidName() {
    ResourceType<ClusterRole> roles = ResourceType.of(ClusterRole.class);
    HasMetadata role =
        new ClusterRoleBuilder().withNewMetadata().withName("system:x").endMetadata().build();
    HasMetadata node = new NodeBuilder().withNewMetadata().withName("n1").endMetadata().build();
    recorder.accept(new Action.Emit(role, roles, Action.Severity.WARNING, "Odd", "odd", "tell"));
    recorder.accept(
        new Action.Emit(
            node,
            ResourceType.of(io.fabric8.kubernetes.api.model.Node.class),
            Action.Severity.NORMAL,
            "Odd",
            "odd",
            "tell"));
    environment.run();

    assertThat(api.requests("create")).allMatch(r -> r.key().namespace().equals("default"));
    assertThat(api.requests("create").stream().map(r -> r.key().name()))
        .anyMatch(name -> name.startsWith("n1."))
        .anyMatch(name -> name.matches("[0-9a-f-]{36}"));
  }

  @ParameterizedTest
  @EnumSource(names = {"UNREACHABLE", "BROKEN", "UNDECODABLE"})
  void withoutAnAnswerItTriesTwelveTimesTenSecondsApart(Kind kind) {
    api.rejecting("create", ScriptedApi.error(kind));
    recorder.accept(emit("web-1", "lost"));

    environment.advance(Duration.ofSeconds(99));
    assertThat(api.requests().size()).isBetween(10, 11);
    environment.advance(Duration.ofMinutes(10));
    assertThat(api.requests()).hasSize(12);
    assertThat(count("failed")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"SERVER_ERROR", "FORBIDDEN", "ALREADY_EXISTS", "TIMEOUT", "FENCED", "CLOSED"})
  void anyAnswerOfTheServerIsFinal(Kind kind) {
    api.rejecting("create", ScriptedApi.error(kind));
    recorder.accept(emit("web-1", "refused"));
    environment.advance(Duration.ofMinutes(5));

    assertThat(api.requests()).hasSize(1);
    assertThat(count("failed")).isEqualTo(1);
  }

  @Test
  @DisplayName("T-84 with the sink down memory is bounded and what is dropped is counted")
  void dropsWhatDoesNotFitIntoTheQueue() {
    api.after(r -> Optional.empty());
    for (int i = 0; i < 1500; i++) {
      recorder.accept(emit("web-" + i, "hello"));
    }
    environment.advance(Duration.ofMinutes(1));

    assertThat(api.requests()).hasSize(1);
    assertThat(count("overflow")).isEqualTo(500);
  }

  @Test
  void silencedEventsAreCountedAndMakeRoom() {
    for (int i = 0; i < 40; i++) {
      recorder.accept(emit("web-1", "hello " + i % 3));
    }
    environment.run();

    assertThat(api.requests()).hasSize(25);
    assertThat(count("silenced")).isEqualTo(15);
    CompletableFuture<Integer> closed = recorder.close(EventSink.FLUSH);
    environment.run();
    assertThat(closed).isCompletedWithValue(0);
  }

  @Test
  void closingWritesWhatWaitsAndRemovesTheMeters() {
    api.after(r -> Optional.of(Duration.ofMillis(100)));
    for (int i = 0; i < 10; i++) {
      recorder.accept(emit("web-" + i, "hello"));
    }
    CompletableFuture<Integer> closed = recorder.close(EventSink.FLUSH);
    recorder.accept(emit("late", "hello"));
    environment.advance(Duration.ofSeconds(2));

    assertThat(closed).isCompletedWithValue(0);
    assertThat(api.requests()).hasSize(10);
    assertThat(meters.getMeters()).isEmpty();
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  void closingGivesUpAfterItsTime() {
    api.rejecting("create", ScriptedApi.error(Kind.UNREACHABLE));
    List.of("a", "b", "c").forEach(name -> recorder.accept(emit(name, "hello")));
    CompletableFuture<Integer> closed = recorder.close(EventSink.FLUSH);
    environment.advance(Duration.ofSeconds(4));
    assertThat(closed).isNotDone();
    environment.advance(Duration.ofSeconds(1));

    assertThat(closed).isCompletedWithValue(3);
    int sent = api.requests().size();
    environment.advance(Duration.ofMinutes(1));
    assertThat(api.requests()).hasSize(sent);
  }

  @Test
  void aTerminatingNamespaceIsFinalToo() {
    api.rejecting(
        "create",
        new ApiError(
            Kind.FORBIDDEN,
            403,
            "Forbidden",
            "terminating",
            List.of(new ApiError.Cause("NamespaceTerminating", "", "")),
            null));
    recorder.accept(emit("web-1", "late"));
    environment.advance(Duration.ofMinutes(1));

    assertThat(api.requests()).hasSize(1);
  }

  private static Action.Emit emit(String pod, String message) {
    return new Action.Emit(
        Pods.named(pod), Pods.TYPE, Action.Severity.NORMAL, "SuccessfulCreate", message, "tell");
  }

  private double count(String result) {
    Counter counter = meters.find(EventMeters.EVENTS).tag("result", result).counter();
    return counter == null ? 0 : counter.count();
  }
}
