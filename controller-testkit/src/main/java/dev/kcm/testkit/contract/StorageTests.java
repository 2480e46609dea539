package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Revisions, optimistic concurrency, what PUT takes and leaves. Confined to the test's thread. */
abstract class StorageTests extends ContractTests {

  private static final String MODIFIED =
      ": the object has been modified; please apply your changes to the latest version and try again";

  StorageTests(ApiServerContract contract) {
    super(contract);
  }

  @Test
  @DisplayName("A1.1 one revision counts the writes of all kinds, as decimal numbers")
  void countsRevisionsOverAllKinds() {
    long map = version(api.create(core("configmaps"), named("a")));
    long secret = version(api.create(core("secrets"), named("a")));
    long lease = version(api.create(in("coordination.k8s.io/v1", "leases"), named("a")));

    assertThat(List.of(map, secret, lease)).isSorted().doesNotHaveDuplicates();
    assertThat(map).isGreaterThan(1);
    assertThat(version(api.get(core("configmaps")))).isGreaterThanOrEqualTo(lease);
  }

  private static long version(Answer answer) {
    return Long.parseLong(answer.version());
  }

  @Test
  @DisplayName("A1.2, A18.1 a write that changes nothing keeps the revision and sends no event")
  void suppressesWritesWithoutChange() {
    Answer made = api.create(core("configmaps"), "{metadata:{name:'a'},data:{k:'v'}}");
    try (EventStream watch =
        api.watch(core("configmaps?watch=1&resourceVersion=" + made.version()))) {
      assertThat(api.put(core("configmaps/a"), made.body()).is(200).version())
          .isEqualTo(made.version());
      assertThat(
              api.put(core("configmaps/a"), "{metadata:{name:'a'},data:{k:'v'}}").is(200).version())
          .isEqualTo(made.version());
      assertThat(api.merge(core("configmaps/a"), "{data:{k:'v'}}").is(200).version())
          .isEqualTo(made.version());
      api.create(core("configmaps"), named("next"));

      assertThat(watch.changes(1)).containsExactly("ADDED next");
    }
  }

  @Test
  @DisplayName(
      "A1.3, A7.5 PUT with an old resourceVersion is a Conflict, without one the last write wins")
  void refusesOldVersions() {
    Answer made = api.create(core("configmaps"), named("a"));
    api.put(core("configmaps/a"), "{metadata:{name:'a'},data:{k:'1'}}").is(200);

    Answer refusal = api.put(core("configmaps/a"), made.body()).isRefusal(409, "Conflict");
    assertThat(refusal.message())
        .isEqualTo("Operation cannot be fulfilled on configmaps \"a\"" + MODIFIED);
    assertThat(refusal.text("/details/kind")).isEqualTo("configmaps");
    assertThat(refusal.text("/details/name")).isEqualTo("a");
    api.put(core("configmaps/a"), "{metadata:{name:'a'},data:{k:'2'}}").is(200);
  }

  @Test
  @DisplayName("A1.3 conflicts of grouped kinds name the group")
  void namesTheGroupInConflicts() {
    api.create(in("apps/v1", "deployments"), deployment("d"));
    ObjectNode old = copy(api.get(in("apps/v1", "deployments/d")));
    child(old, "metadata").put("resourceVersion", "1");

    assertThat(api.put(in("apps/v1", "deployments/d"), old).isRefusal(409, "Conflict").message())
        .isEqualTo("Operation cannot be fulfilled on deployments.apps \"d\"" + MODIFIED);
  }

  @Test
  @DisplayName("A1.3 Lease, PodDisruptionBudget and other kinds need a resourceVersion in PUT")
  void needsVersionsOfSomeKinds() {
    api.create(in("coordination.k8s.io/v1", "leases"), named("l"));
    Answer refusal =
        api.put(in("coordination.k8s.io/v1", "leases/l"), named("l")).isRefusal(422, "Invalid");
    assertThat(refusal.message())
        .contains("metadata.resourceVersion")
        .contains("must be specified for an update");

    api.create(
        in("policy/v1", "poddisruptionbudgets"), "{metadata:{name:'p'},spec:{minAvailable:1}}");
    api.put(
            in("policy/v1", "poddisruptionbudgets/p"),
            "{metadata:{name:'p'},spec:{minAvailable:2}}")
        .isRefusal(422, "Invalid");
  }

  @Test
  @DisplayName("A1.4 PUT with another uid is a Conflict that names both")
  void refusesOtherUids() {
    Answer made = api.create(core("configmaps"), named("a"));
    Answer refusal =
        api.put(
                core("configmaps/a"),
                "{metadata:{name:'a',uid:'00000000-0000-0000-0000-000000000000'}}")
            .isRefusal(409, "Conflict");
    assertThat(refusal.message())
        .contains(
            "Precondition failed: UID in precondition: 00000000-0000-0000-0000-000000000000,"
                + " UID in object meta: "
                + made.uid());
  }

  @Test
  @DisplayName("A1.4 PUT to a missing object is 404, but creates some kinds")
  void createsSomeKindsOnPut() {
    Answer refusal = api.put(core("configmaps/a"), named("a")).isRefusal(404, "NotFound");
    assertThat(refusal.message()).isEqualTo("configmaps \"a\" not found");
    api.put(in("coordination.k8s.io/v1", "leases/l"), named("l")).is(201);
    api.put(core("endpoints/e"), named("e")).is(201);
    api.put(core("limitranges/r"), "{metadata:{name:'r'},spec:{limits:[]}}").is(201);
    api.put(in("rbac.authorization.k8s.io/v1", "roles/r"), "{metadata:{name:'r'},rules:[]}")
        .is(201);
    api.put(in("coordination.k8s.io/v1", "leases/m"), "{metadata:{name:'m',resourceVersion:'5'}}")
        .is(201);
  }

  @Test
  @DisplayName("A1.5 what the server owns is kept, whatever PUT says")
  void keepsWhatItOwns() {
    Answer made = api.create(in("apps/v1", "deployments"), deployment("d"));
    ObjectNode changed = copy(made);
    ObjectNode metadata = child(changed, "metadata");
    metadata.put("creationTimestamp", "2001-01-01T00:00:00Z").put("generation", 77);
    metadata.put("selfLink", "/x");

    Answer answer = api.put(in("apps/v1", "deployments/d"), changed).is(200);
    assertThat(answer.at("/metadata/creationTimestamp"))
        .isEqualTo(made.at("/metadata/creationTimestamp"));
    assertThat(answer.at("/metadata/generation").asInt()).isEqualTo(1);
    assertThat(answer.at("/metadata/deletionTimestamp").isMissingNode()).isTrue();
    assertThat(answer.uid()).isEqualTo(made.uid());
    metadata.put("deletionTimestamp", "2001-01-01T00:00:00Z");
    assertThat(api.put(in("apps/v1", "deployments/d"), changed).isRefusal(422, "Invalid").message())
        .contains("metadata.deletionTimestamp", "field is immutable");
  }

  @Test
  @DisplayName("A1.5 names and namespaces must be those of the URL")
  void comparesWithTheUrl() {
    api.create(core("configmaps"), named("a"));
    assertThat(api.put(core("configmaps/a"), named("b")).isRefusal(400, "BadRequest").message())
        .isEqualTo("the name of the object (b) does not match the name on the URL (a)");
    assertThat(
            api.put(core("configmaps/a"), "{metadata:{name:'a',namespace:'x'}}")
                .isRefusal(400, "BadRequest")
                .message())
        .isEqualTo(
            "the namespace of the provided object does not match the namespace sent on the request");
    assertThat(
            api.post(core("configmaps"), "{metadata:{name:'c',namespace:'x'}}")
                .isRefusal(400, "BadRequest")
                .message())
        .isEqualTo(
            "the namespace of the provided object does not match the namespace sent on the request");
  }

  @Test
  @DisplayName("A1.6 no finalizers are added once the deletion began, nor orphan beside foreground")
  void refusesFinalizersLate() {
    api.create(core("configmaps"), "{metadata:{name:'a',finalizers:['example.com/a']}}");
    api.delete(core("configmaps/a")).is(200);
    Answer refusal =
        api.merge(core("configmaps/a"), "{metadata:{finalizers:['example.com/a','example.com/b']}}")
            .isRefusal(422, "Invalid");
    assertThat(refusal.message())
        .contains("no new finalizers can be added if the object is being deleted")
        .contains("example.com/b");
    api.post(core("configmaps"), "{metadata:{name:'b',finalizers:['orphan','foregroundDeletion']}}")
        .isRefusal(422, "Invalid");
    api.post(core("configmaps"), "{metadata:{name:'c',finalizers:['not qualified']}}")
        .isRefusal(422, "Invalid");
    api.merge(core("configmaps/a"), "{metadata:{finalizers:null}}").is(200);
  }

  @Test
  @DisplayName("A1.6 owner references are complete, and one at most is the controller")
  void checksOwners() {
    String owner = "{apiVersion:'v1',kind:'ConfigMap',name:'%s',uid:'u-%s',controller:true}";
    Answer two =
        api.post(
                core("configmaps"),
                "{metadata:{name:'a',ownerReferences:["
                    + owner.formatted("m", "m")
                    + ","
                    + owner.formatted("n", "n")
                    + "]}}")
            .isRefusal(422, "Invalid");
    assertThat(two.message())
        .contains("Only one reference can have Controller set to true")
        .contains("ConfigMap/m and ConfigMap/n");
    for (String missing : List.of("apiVersion", "kind", "name", "uid")) {
      ObjectNode reference = (ObjectNode) Json.read(owner.formatted("m", "m"));
      reference.remove(missing);
      Answer refusal =
          api.post(core("configmaps"), "{metadata:{name:'a',ownerReferences:[" + reference + "]}}")
              .isRefusal(422, "Invalid");
      assertThat(refusal.text("/details/causes/0/field"))
          .isEqualTo("metadata.ownerReferences." + missing)
          .isNotEmpty();
    }
  }

  @Test
  @DisplayName("A1.6 labels have a syntax, and annotations 256 KiB")
  void limitsMetadata() {
    api.post(core("configmaps"), "{metadata:{name:'a',labels:{'a b':'c'}}}")
        .isRefusal(422, "Invalid");
    api.post(core("configmaps"), "{metadata:{name:'a',labels:{a:'b c'}}}")
        .isRefusal(422, "Invalid");
    api.post(
            core("configmaps"),
            "{metadata:{name:'a',annotations:{a:'" + "x".repeat(256 * 1024) + "'}}}")
        .isRefusal(422, "Invalid");
  }
}
