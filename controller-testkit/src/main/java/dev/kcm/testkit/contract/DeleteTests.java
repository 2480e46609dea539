package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Finalizers, grace, preconditions, propagation, collections. Confined to the test's thread. */
abstract class DeleteTests extends ContractTests {

  private static final String HELD = "{metadata:{name:'a',finalizers:['example.com/a']}}";

  DeleteTests(ApiServerContract contract) {
    super(contract);
  }

  @Test
  @DisplayName("A4.5 an object without ties goes at once, and the answer is a Success")
  void removesAtOnce() {
    Answer made = api.create(core("configmaps"), named("a"));
    Answer gone = api.delete(core("configmaps/a")).is(200);
    assertThat(gone.text("/kind")).isEqualTo("Status");
    assertThat(gone.text("/status")).isEqualTo("Success");
    assertThat(gone.text("/details/name")).isEqualTo("a");
    assertThat(gone.text("/details/kind")).isEqualTo("configmaps");
    assertThat(gone.text("/details/uid")).isEqualTo(made.uid());
    api.delete(core("configmaps/a")).isRefusal(404, "NotFound");
  }

  @Test
  @DisplayName("A4.4, A4.5, A18.4 finalizers hold an object until the last one is removed")
  void waitsForFinalizers() {
    Answer made = api.create(core("configmaps"), HELD);
    try (EventStream watch =
        api.watch(core("configmaps?watch=1&resourceVersion=" + made.version()))) {
      Answer held = api.delete(core("configmaps/a")).is(200);
      assertThat(held.text("/kind")).isEqualTo("ConfigMap");
      assertThat(held.text("/metadata/deletionTimestamp")).isNotEmpty();
      assertThat(held.at("/metadata/deletionGracePeriodSeconds").asInt(-1)).isZero();
      Answer again = api.delete(core("configmaps/a")).is(200);
      assertThat(again.version()).isEqualTo(held.version());

      api.merge(core("configmaps/a"), "{metadata:{finalizers:null}}").is(200);
      api.get(core("configmaps/a")).isRefusal(404, "NotFound");
      assertThat(watch.changes(2)).containsExactly("MODIFIED a", "DELETED a");
    }
  }

  @Test
  @DisplayName("A1.1, A4.5 a deleted object is sent with the revision of its deletion")
  void sendsTheRevisionOfTheDeletion() {
    Answer made = api.create(core("configmaps"), named("a"));
    try (EventStream watch =
        api.watch(core("configmaps?watch=1&resourceVersion=" + made.version()))) {
      api.delete(core("configmaps/a")).is(200);
      String version = watch.nextChange().at("/object/metadata/resourceVersion").asText();
      assertThat(Long.parseLong(version)).isGreaterThan(Long.parseLong(made.version()));
    }
  }

  @Test
  @DisplayName("A4.1 preconditions on uid and resourceVersion are Conflicts when they fail")
  void checksPreconditions() {
    Answer made = api.create(core("configmaps"), named("a"));
    Answer uid =
        api.delete(core("configmaps/a"), "{preconditions:{uid:'x'}}").isRefusal(409, "Conflict");
    assertThat(uid.message())
        .contains(
            "the UID in the precondition (x) does not match the UID in record ("
                + made.uid()
                + "). The object might have been deleted and then recreated");
    Answer version =
        api.delete(core("configmaps/a"), "{preconditions:{resourceVersion:'1'}}")
            .isRefusal(409, "Conflict");
    assertThat(version.message())
        .contains(
            "the ResourceVersion in the precondition (1) does not match the ResourceVersion in"
                + " record ("
                + made.version()
                + "). The object might have been modified");
    api.delete(
            core("configmaps/a"),
            "{kind:'DeleteOptions',apiVersion:'v1',preconditions:{uid:'"
                + made.uid()
                + "',resourceVersion:'"
                + made.version()
                + "'}}")
        .is(200);
  }

  @Test
  @DisplayName("A4.2 propagation is written down as a finalizer, in the body or as a parameter")
  void keepsPropagationAsFinalizers() {
    api.create(core("configmaps"), HELD);
    assertThat(finalizers(api.delete(core("configmaps/a"), "{propagationPolicy:'Foreground'}")))
        .containsExactlyInAnyOrder("example.com/a", "foregroundDeletion");
    api.merge(core("configmaps/a"), "{metadata:{finalizers:null}}").is(200);

    api.create(core("configmaps"), HELD);
    assertThat(finalizers(api.delete(core("configmaps/a?propagationPolicy=Orphan"))))
        .containsExactlyInAnyOrder("example.com/a", "orphan");
    api.merge(core("configmaps/a"), "{metadata:{finalizers:null}}").is(200);

    api.create(core("configmaps"), HELD);
    assertThat(finalizers(api.delete(core("configmaps/a"), "{propagationPolicy:'Background'}")))
        .containsExactly("example.com/a");
    api.delete(core("configmaps/a"), "{propagationPolicy:'Orphan',orphanDependents:true}")
        .isRefusal(422, "Invalid");
    api.delete(core("configmaps/a"), "{propagationPolicy:'Sideways'}").isRefusal(422, "Invalid");
  }

  private static List<String> finalizers(Answer answer) {
    return Api.strings(answer.is(200).at("/metadata/finalizers"));
  }

  @Test
  @DisplayName("A4.2 replication controllers and jobs orphan by default")
  void orphansByDefaultWhereAlwaysDone() {
    api.create(
        core("replicationcontrollers"),
        "{metadata:{name:'r'},spec:{template:" + template("r") + "}}");
    assertThat(finalizers(api.delete(core("replicationcontrollers/r")))).containsExactly("orphan");
    api.create(
        in("batch/v1", "jobs"),
        "{metadata:{name:'j'},spec:{template:{spec:{restartPolicy:'Never',"
            + "containers:[{name:'c',image:'i'}]}}}}");
    assertThat(finalizers(api.delete(in("batch/v1", "jobs/j")))).containsExactly("orphan");
  }

  @Test
  @DisplayName("A4.3 a pod on a node is deleted with grace, which can only be shortened")
  void deletesRunningPodsGracefully() {
    api.create(core("pods"), pod("p"));
    run("p");
    Answer first = api.delete(core("pods/p")).is(200);
    assertThat(first.at("/metadata/deletionGracePeriodSeconds").asInt()).isEqualTo(30);
    assertThat(Instant.parse(first.text("/metadata/deletionTimestamp")))
        .isCloseTo(
            Instant.now().plusSeconds(30),
            org.assertj.core.api.Assertions.within(Duration.ofSeconds(10)));
    Answer longer = api.delete(core("pods/p"), "{gracePeriodSeconds:60}").is(200);
    assertThat(longer.version()).isEqualTo(first.version());
    Answer shorter = api.delete(core("pods/p"), "{gracePeriodSeconds:5}").is(200);
    assertThat(shorter.at("/metadata/deletionGracePeriodSeconds").asInt()).isEqualTo(5);
    assertThat(api.delete(core("pods/p"), "{gracePeriodSeconds:0}").is(200).text("/kind"))
        .isEqualTo("Pod");
    api.get(core("pods/p")).isRefusal(404, "NotFound");
  }

  @Test
  @DisplayName("A4.3, A4.5 pods that no node has, or that ended, go at once")
  void removesPodsThatDoNotRun() {
    api.create(core("pods"), pod("waiting"));
    assertThat(api.delete(core("pods/waiting")).is(200).text("/kind")).isEqualTo("Pod");
    api.get(core("pods/waiting")).isRefusal(404, "NotFound");

    api.create(core("pods"), pod("done"));
    run("done");
    api.merge(core("pods/done/status"), "{status:{phase:'Succeeded'}}").is(200);
    api.delete(core("pods/done")).is(200);
    api.get(core("pods/done")).isRefusal(404, "NotFound");
  }

  @Test
  @DisplayName("A4.3, A4.4 a pod with a finalizer needs both: no grace left and no finalizer")
  void waitsForGraceAndFinalizers() {
    api.create(core("pods"), pod("p", ",finalizers:['example.com/a']"));
    run("p");
    api.delete(core("pods/p")).is(200);
    api.delete(core("pods/p"), "{gracePeriodSeconds:0}").is(200);
    api.get(core("pods/p")).is(200);
    api.merge(core("pods/p"), "{metadata:{finalizers:null}}").is(200);
    api.get(core("pods/p")).isRefusal(404, "NotFound");
  }

  @Test
  @DisplayName("A4.6 a collection is deleted by selector, and each item keeps its ties")
  void deletesCollections() {
    api.create(core("configmaps"), "{metadata:{name:'a',labels:{x:'1'}}}");
    api.create(
        core("configmaps"), "{metadata:{name:'b',labels:{x:'1'},finalizers:['example.com/a']}}");
    api.create(core("configmaps"), "{metadata:{name:'c',labels:{x:'2'}}}");
    api.delete(core("configmaps?labelSelector=x%3D1")).is(200);

    assertThat(api.get(core("configmaps?fieldSelector=metadata.name!%3Dkube-root-ca.crt")).names())
        .containsExactly("b", "c");
    assertThat(api.get(core("configmaps/b")).text("/metadata/deletionTimestamp")).isNotEmpty();
    api.merge(core("configmaps/b"), "{metadata:{finalizers:null}}").is(200);
  }

  @Test
  @DisplayName("A4.7 a namespace terminates and goes only when finalize empties its list")
  void finalizesNamespaces() {
    String path = "/api/v1/namespaces/" + ns;
    Answer terminating = api.delete(path).is(200);
    assertThat(terminating.text("/status/phase")).isEqualTo("Terminating");
    assertThat(Api.strings(terminating.at("/spec/finalizers"))).containsExactly("kubernetes");
    assertThat(
            Api.strings(api.merge(path, "{spec:{finalizers:[]}}").is(200).at("/spec/finalizers")))
        .containsExactly("kubernetes");
    api.put(path + "/finalize", "{metadata:{name:'" + ns + "'},spec:{finalizers:[]}}").is(200);
    api.get(path).isRefusal(404, "NotFound");
  }
}
