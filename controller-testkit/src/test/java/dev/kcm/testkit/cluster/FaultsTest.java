package dev.kcm.testkit.cluster;

import static dev.kcm.testkit.cluster.ClusterAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.Scope;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What can be made to go wrong, one fault at a time. */
@KubernetesTest
class FaultsTest {

  @Test
  void aRequestIsRefusedWithTheStatusOfTheScript(TestCluster cluster) {
    cluster.faults().on(Verb.CREATE, "serviceaccounts").call(2).status(409, "AlreadyExists");

    assertThat(outcome(cluster, create(cluster, "ann"))).isEqualTo("ok");
    assertThat(outcome(cluster, create(cluster, "bob"))).isEqualTo("ALREADY_EXISTS");
    assertThat(outcome(cluster, create(cluster, "cid"))).isEqualTo("ok");
    assertThat(cluster.find(ServiceAccount.class, "default", "bob")).isEmpty();
    assertThat(cluster.requests().answered())
        .extracting(answered -> answered.error() == null ? 200 : answered.error().code())
        .containsExactly(200, 409, 200);
  }

  @Test
  void aDroppedRequestHasNoEffectAndALostAnswerHas(TestCluster cluster) {
    cluster.faults().on(Verb.CREATE, "serviceaccounts").call(1).drop();
    cluster.faults().on(Verb.CREATE, "serviceaccounts").call(2).dropAfterCommit();

    assertThat(outcome(cluster, create(cluster, "ann"))).isEqualTo("BROKEN");
    assertThat(outcome(cluster, create(cluster, "bob"))).isEqualTo("BROKEN");
    assertThat(cluster.find(ServiceAccount.class, "default", "ann")).isEmpty();
    assertThat(cluster.find(ServiceAccount.class, "default", "bob")).isPresent();
  }

  @Test
  void delaysActBeforeTheServerOrAfterIt(TestCluster cluster) {
    cluster.faults().on(Verb.CREATE, "serviceaccounts").call(1).delay(Duration.ofSeconds(5));
    cluster.faults().on(Verb.CREATE, "serviceaccounts").call(2).delayAnswer(Duration.ofSeconds(7));
    CompletableFuture<?> late = create(cluster, "ann");
    CompletableFuture<?> lateAnswer = create(cluster, "bob");
    cluster.run();

    assertThat(cluster.find(ServiceAccount.class, "default", "ann")).isEmpty();
    assertThat(cluster.find(ServiceAccount.class, "default", "bob")).isPresent();
    cluster.advance(Duration.ofSeconds(5));
    assertThat(late).isCompleted();
    assertThat(lateAnswer).isNotDone();
    cluster.advance(Duration.ofSeconds(2));
    assertThat(lateAnswer).isCompleted();
  }

  @Test
  void aHalfOpenRequestIsNeverAnswered(TestCluster cluster) {
    cluster.faults().on(Verb.GET, "serviceaccounts").everyCall().hang();
    CompletableFuture<ServiceAccount> answer =
        cluster.client("c").get(Greetings.PEOPLE, new ObjectKey("default", "ann"));
    cluster.advance(Duration.ofHours(1));

    assertThat(answer).isNotDone();
    assertThatThrownBy(() -> cluster.await(answer)).hasMessageContaining("no answer yet");
  }

  @Test
  void theTestsOwnClientIsSpared(TestCluster cluster) {
    cluster.faults().on(Verb.CREATE, "serviceaccounts").everyCall().status(500, "InternalError");
    cluster.create(Greetings.person("ann"));
    assertThat(cluster.requests()).wroteNothing();

    cluster.faults().clear();
    assertThat(outcome(cluster, create(cluster, "bob"))).isEqualTo("ok");
  }

  @Test
  void aRefusedOrDelayedWatchOpensAccordingly(TestCluster cluster) {
    cluster.faults().on(Verb.WATCH, "serviceaccounts").call(1).status(410, "Expired");
    cluster.faults().on(Verb.WATCH, "serviceaccounts").call(2).delay(Duration.ofSeconds(3));
    cluster.faults().on(Verb.WATCH, "serviceaccounts").call(3).hang();
    Seen refused = watch(cluster);
    Seen late = watch(cluster);
    Seen never = watch(cluster);
    cluster.run();

    assertThat(refused.told).containsExactly("closed GONE");
    assertThat(late.told).isEmpty();
    cluster.advance(Duration.ofSeconds(3));
    assertThat(late.told).containsExactly("opened");
    cluster.advance(Duration.ofHours(1));
    assertThat(never.told).isEmpty();
  }

  @Test
  void aCutWatchEndsAndAnotherOneGoesOn(TestCluster cluster) {
    Seen first = watch(cluster);
    cluster.run();
    cluster.create(Greetings.person("ann"));
    cluster.faults().watches("serviceaccounts").cut();
    cluster.run();
    Seen second = watch(cluster);
    cluster.run();
    cluster.create(Greetings.person("bob"));
    cluster.run();

    assertThat(first.told).containsExactly("opened", "ADDED ann", "closed BROKEN");
    assertThat(second.told).containsExactly("opened", "ADDED bob");
    assertThat(cluster.server().openWatches()).isEqualTo(1);
  }

  @Test
  void aWatchIsCutInTheMiddleOfAnEvent(TestCluster cluster) {
    Seen seen = watch(cluster);
    cluster.run();
    cluster.create(Greetings.person("ann"));
    cluster.run();
    int size = seen.bytes;
    cluster.faults().watches("serviceaccounts").cutAfterBytes(size + size / 2);
    cluster.create(Greetings.person("bob"));
    cluster.create(Greetings.person("cid"));
    cluster.run();

    assertThat(seen.told).containsExactly("opened", "ADDED ann", "ADDED bob", "closed BROKEN");
  }

  @Test
  void aHalfOpenWatchFallsSilent(TestCluster cluster) {
    Seen seen = watch(cluster);
    cluster.run();
    cluster.faults().watches("serviceaccounts").halfOpen();
    cluster.create(Greetings.person("ann"));
    cluster.advance(Duration.ofHours(3));

    assertThat(seen.told).containsExactly("opened");
  }

  @Test
  void eventsAreHeldBackDelayedAndDoubled(TestCluster cluster) {
    Seen seen = watch(cluster);
    cluster.run();
    WatchFaults script = cluster.faults().watches("serviceaccounts").hold();
    cluster.create(Greetings.person("ann"));
    cluster.run();
    assertThat(seen.told).containsExactly("opened");

    script.release().delay(Duration.ofSeconds(2)).duplicate(true);
    cluster.create(Greetings.person("bob"));
    cluster.run();
    assertThat(seen.told).containsExactly("opened", "ADDED ann");
    cluster.advance(Duration.ofSeconds(2));
    assertThat(seen.told).containsExactly("opened", "ADDED ann", "ADDED bob", "ADDED bob");
  }

  @Test
  void eventsOfDifferentWatchesChangePlacesAndThoseOfOneDoNot(TestCluster cluster) {
    cluster.faults().watches("serviceaccounts").reorder(Duration.ofSeconds(10), 7);
    List<String> told = new ArrayList<>();
    watch(cluster, Greetings.PEOPLE, told);
    watch(cluster, Greetings.GREETINGS, told);
    cluster.run();
    told.clear();
    for (String name : List.of("a", "b", "c", "d", "e")) {
      cluster.create(Greetings.person(name));
      cluster.create(greeting(name));
      cluster.advance(Duration.ofSeconds(1));
    }
    cluster.advance(Duration.ofSeconds(10));

    assertThat(told)
        .filteredOn(text -> text.startsWith("ServiceAccount"))
        .containsExactly(
            "ServiceAccount a",
            "ServiceAccount b",
            "ServiceAccount c",
            "ServiceAccount d",
            "ServiceAccount e");
    assertThat(told.indexOf("ServiceAccount a")).isGreaterThan(told.indexOf("ConfigMap a"));
  }

  @Test
  void controllersGetOverAllOfIt(TestCluster cluster) {
    cluster.faults().on(Verb.LIST, "serviceaccounts").call(1).status(503, "ServiceUnavailable");
    cluster.faults().on(Verb.CREATE, "configmaps").calls(1, 3).status(500, "InternalError");
    cluster.faults().on(Verb.CREATE, "configmaps").call(5).dropAfterCommit();
    cluster.start(Greetings.controller());
    for (int i = 0; i < 10; i++) {
      cluster.create(Greetings.person("p" + i));
      if (i == 5) {
        cluster.faults().watches("serviceaccounts").cut();
        cluster.faults().watches("configmaps").halfOpen();
      }
      cluster.run();
    }
    cluster.eventually(
        Duration.ofHours(2), () -> assertThat(cluster.list(ConfigMap.class)).hasSize(10));
  }

  @Test
  void impossibleScriptsAreRefused(Faults faults) {
    assertThatThrownBy(() -> faults.on(Verb.GET, "pods").call(0))
        .hasMessage("calls 0 to 0: they are counted upwards from 1");
    assertThatThrownBy(() -> faults.on(Verb.GET, "pods").next().status(200, ""))
        .hasMessage("status 200 is no failure: 400 to 599 are");
    assertThatThrownBy(() -> faults.watches("pods").cutAfterBytes(-1))
        .hasMessage("bytes is -1, allowed: 0 or more");
  }

  private static CompletableFuture<ServiceAccount> create(TestCluster cluster, String name) {
    return cluster.client("c").create(Greetings.PEOPLE, Greetings.person(name));
  }

  private static ConfigMap greeting(String name) {
    ConfigMap map = new ConfigMap();
    map.setMetadata(Greetings.person(name).getMetadata());
    return map;
  }

  private static String outcome(TestCluster cluster, CompletableFuture<?> answer) {
    try {
      cluster.await(answer);
      return "ok";
    } catch (ApiException e) {
      return e.kind().name();
    }
  }

  private static Seen watch(TestCluster cluster) {
    Seen seen = new Seen();
    ApiClient client = cluster.client("watcher");
    client.watch(Greetings.PEOPLE, query(cluster), seen);
    return seen;
  }

  private static <T extends HasMetadata> void watch(
      TestCluster cluster, dev.kcm.core.object.ResourceType<T> type, List<String> told) {
    ApiClient client = cluster.client("watcher");
    client.watch(
        type,
        query(cluster),
        new Telling<T>() {
          @Override
          public void event(Type what, T object) {
            told.add(type.kind() + " " + object.getMetadata().getName());
          }
        });
  }

  private static WatchQuery query(TestCluster cluster) {
    String version = Long.toString(cluster.server().revision());
    return new WatchQuery(Scope.ALL, version, Duration.ofHours(8), false);
  }

  /** Hears only of events. */
  private interface Telling<T> extends WatchListener<T> {
    @Override
    default void opened() {}

    @Override
    default void bookmark(String resourceVersion, boolean initialEventsEnd) {}

    @Override
    default void closed(ApiError error) {}
  }

  /** Writes down what it is told, bookmarks aside. Confined to the thread of the test. */
  private static final class Seen implements WatchListener<ServiceAccount> {

    private final List<String> told = new ArrayList<>();
    private int bytes;

    @Override
    public void opened() {
      told.add("opened");
    }

    @Override
    public void event(Type what, ServiceAccount object) {
      told.add(what + " " + object.getMetadata().getName());
      bytes = Trees.size(Greetings.PEOPLE, object);
    }

    @Override
    public void bookmark(String resourceVersion, boolean initialEventsEnd) {}

    @Override
    public void closed(ApiError error) {
      told.add("closed " + (error == null ? "" : error.kind()));
    }
  }
}
