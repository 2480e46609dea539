package dev.kcm.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Seeds;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Patches that authors have made for them. */
class PatchesTest {

  private static final ResourceType<ConfigMap> MAPS = ResourceType.of(ConfigMap.class);
  private static final ResourceType<Deployment> DEPLOYMENTS = ResourceType.of(Deployment.class);

  private final ConfigMap seen =
      new ConfigMapBuilder()
          .withNewMetadata()
          .withNamespace("default")
          .withName("page")
          .withUid("u1")
          .withResourceVersion("42")
          .withLabels(Map.of("app", "web", "old", "x"))
          .withFinalizers("a/b")
          .endMetadata()
          .withData(Map.of("keep", "1", "drop", "2"))
          .build();

  @Test
  void noDifferenceGivesNoRequest() {
    assertThat(Action.mergePatch(MAPS, seen, new ConfigMapBuilder(seen).build(), "why")).isEmpty();
    assertThat(Plan.of(Action.mergePatch(MAPS, seen, seen, "why"))).isSameAs(Plan.NOTHING);
  }

  @Test
  void whatTheServerWritesIsNotCompared() {
    ConfigMap wanted =
        new ConfigMapBuilder(seen)
            .editMetadata()
            .withResourceVersion(null)
            .withUid(null)
            .withGeneration(9L)
            .endMetadata()
            .build();

    assertThat(Action.mergePatch(MAPS, seen, wanted, "why")).isEmpty();
  }

  @Test
  void changesAdditionsAndRemovalsGoIntoOnePatchWithTheUidSeen() throws Exception {
    ConfigMap wanted =
        new ConfigMapBuilder(seen)
            .editMetadata()
            .withLabels(Map.of("app", "api"))
            .endMetadata()
            .withData(Map.of("keep", "1", "more", "3"))
            .build();

    Action.Patch<ConfigMap> patch =
        Action.mergePatch(MAPS, seen, wanted, "page is out of date").orElseThrow();

    assertThat(patch.key()).isEqualTo(new ObjectKey("default", "page"));
    assertThat(patch.format()).isEqualTo(PatchFormat.MERGE);
    assertThat(patch.why()).isEqualTo("page is out of date");
    assertThat(json(patch.body()))
        .isEqualTo(
            json(
                "{'data':{'more':'3','drop':null},"
                    + "'metadata':{'labels':{'app':'api','old':null},'uid':'u1'}}"));
  }

  @Test
  void statusAndTheRestAreTwoPatches() throws Exception {
    Deployment before =
        new DeploymentBuilder()
            .withNewMetadata()
            .withName("d")
            .withUid("u2")
            .endMetadata()
            .withNewSpec()
            .withReplicas(1)
            .endSpec()
            .withNewStatus()
            .withReplicas(1)
            .endStatus()
            .build();
    Deployment after =
        new DeploymentBuilder(before)
            .editSpec()
            .withReplicas(2)
            .endSpec()
            .editStatus()
            .withReplicas(2)
            .endStatus()
            .build();

    Action.Patch<Deployment> spec =
        Action.mergePatch(DEPLOYMENTS, before, after, "w").orElseThrow();
    Action.Patch<Deployment> status =
        Action.mergePatchStatus(DEPLOYMENTS, before, after, "w").orElseThrow();

    assertThat(spec.subresource()).isEmpty();
    assertThat(json(spec.body()))
        .isEqualTo(json("{'spec':{'replicas':2},'metadata':{'uid':'u2'}}"));
    assertThat(status.subresource()).isEqualTo("status");
    assertThat(json(status.body()))
        .isEqualTo(json("{'status':{'replicas':2},'metadata':{'uid':'u2'}}"));
  }

  @Test
  void aLockOnTheVersionIsPartOfThePatch() throws Exception {
    Action.Patch<ConfigMap> merge =
        new Action.Patch<>(
            MAPS, ObjectKey.of(seen), "", PatchFormat.MERGE, "{\"data\":{\"a\":\"b\"}}", "w");
    Action.Patch<ConfigMap> operations =
        new Action.Patch<>(
            MAPS,
            ObjectKey.of(seen),
            "",
            PatchFormat.JSON,
            "[{\"op\":\"remove\",\"path\":\"/data\"}]",
            "w");

    assertThat(json(merge.atVersion("42").body()))
        .isEqualTo(json("{'data':{'a':'b'},'metadata':{'resourceVersion':'42'}}"));
    assertThat(json(operations.atVersion("42").body()))
        .isEqualTo(
            json(
                "[{'op':'test','path':'/metadata/resourceVersion','value':'42'},"
                    + "{'op':'remove','path':'/data'}]"));
  }

  @Test
  void finalizersGoAsALockedPatchOfTheirListAndNeverAsTheObject() throws Exception {
    Action.Patch<ConfigMap> add = Finalizers.add(MAPS, seen, "me/x").orElseThrow();
    Action.Patch<ConfigMap> remove = Finalizers.remove(MAPS, seen, "a/b").orElseThrow();

    assertThat(json(add.body()))
        .isEqualTo(
            json("{'metadata':{'finalizers':['a/b','me/x'],'uid':'u1','resourceVersion':'42'}}"));
    assertThat(json(remove.body()))
        .isEqualTo(json("{'metadata':{'finalizers':[],'uid':'u1','resourceVersion':'42'}}"));
    assertThat(add.why()).contains("me/x");
  }

  @Test
  void finalizersThatAreAsTheyShouldBeGiveNoRequest() {
    ConfigMap deleting =
        new ConfigMapBuilder(seen)
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .endMetadata()
            .build();

    assertThat(Finalizers.has(seen, "a/b")).isTrue();
    assertThat(Finalizers.add(MAPS, seen, "a/b")).isEmpty();
    assertThat(Finalizers.remove(MAPS, seen, "me/x")).isEmpty();
    assertThat(Finalizers.add(MAPS, deleting, "me/x")).as("the server would refuse").isEmpty();
    assertThat(Finalizers.remove(MAPS, deleting, "a/b")).isPresent();
  }

  @Test
  void applyNamesItsManagerAndForcesOnlyWhenTold() {
    Action.Apply<ConfigMap> apply = Action.apply(MAPS, seen, "page-operator", "page is missing");

    assertThat(apply.force()).isFalse();
    assertThat(apply.forced().force()).isTrue();
    assertThat(apply.toStatus().subresource()).isEqualTo("status");
    assertThat(PlanText.of(apply)).isEqualTo("apply configmaps default/page: page is missing");
  }

  @Test
  void aMergePatchTurnsTheOneTreeIntoTheOther() {
    Seeds.each(
        "merge patches",
        1,
        2000,
        seed -> {
          Random random = new Random(seed);
          ObjectNode from = tree(random, 3);
          ObjectNode to = tree(random, 3);
          ObjectNode patched = from.deepCopy();
          merge(patched, MergeDiff.between(from, to));

          assertThat(patched).as("seed %d", seed).isEqualTo(to);
          assertThat(MergeDiff.between(from, from.deepCopy())).as("seed %d", seed).isEmpty();
        });
  }

  private static ObjectNode tree(Random random, int depth) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = "f" + random.nextInt(4);
      switch (depth == 0 ? 0 : random.nextInt(3)) {
        case 0 -> tree.put(name, random.nextInt(3));
        case 1 -> tree.set(name, tree(random, depth - 1));
        default -> {
          ArrayNode list = tree.putArray(name);
          for (int k = random.nextInt(3); k > 0; k--) {
            list.add(random.nextInt(2));
          }
        }
      }
    }
    return tree;
  }

  /** RFC 7386, as the standard tells it. */
  private static void merge(ObjectNode target, ObjectNode patch) {
    for (String name : List.copyOf(patch.properties().stream().map(Map.Entry::getKey).toList())) {
      JsonNode value = patch.get(name);
      if (value.isNull()) {
        target.remove(name);
      } else if (value instanceof ObjectNode object) {
        ObjectNode inner =
            target.get(name) instanceof ObjectNode known
                ? known
                : JsonNodeFactory.instance.objectNode();
        target.set(name, inner);
        merge(inner, object);
      } else {
        target.set(name, value);
      }
    }
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }
}
