package dev.kcm.embedded.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import io.fabric8.zjsonpatch.JsonDiff;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for any objects and patches, tried on random ones. */
final class PatchLawsTest {

  private static final int WORLDS = 500;
  private static final Kind POD = KindTable.standard().ofKind("v1", "Pod").orElseThrow();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Test
  void mergePatchOfADifferenceGivesTheTarget() {
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      ObjectNode from = plain(random, 3);
      ObjectNode to = plain(random, 3);
      JsonNode patched = Patches.apply(PatchType.MERGE, from, difference(from, to), POD);
      assertThat(patched).as("seed %d", seed).isEqualTo(to);
    }
  }

  @Test
  void jsonPatchOfADifferenceGivesTheTarget() {
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      ObjectNode from = plain(random, 3);
      ObjectNode to = plain(random, 3);
      JsonNode patched = Patches.apply(PatchType.JSON, from, JsonDiff.asJson(from, to), POD);
      assertThat(patched).as("seed %d", seed).isEqualTo(to);
    }
  }

  @Test
  void strategicPatchesChangeNeitherObjectNorPatchAndAreIdempotent() {
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      ObjectNode current = pod(random, false);
      ObjectNode patch = pod(random, true);
      JsonNode currentBefore = current.deepCopy();
      JsonNode patchBefore = patch.deepCopy();

      JsonNode once = Patches.apply(PatchType.STRATEGIC, current, patch, POD);
      JsonNode twice = Patches.apply(PatchType.STRATEGIC, once, patch, POD);

      assertThat(current).as("object, seed %d", seed).isEqualTo(currentBefore);
      assertThat(patch).as("patch, seed %d", seed).isEqualTo(patchBefore);
      assertThat(twice).as("patched twice, seed %d", seed).isEqualTo(once);
      assertThat(once.toString()).as("seed %d", seed).doesNotContain("$patch", "null");
    }
  }

  @Test
  void theResultSharesNothingWithObjectAndPatch() {
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      ObjectNode current = pod(random, false);
      ObjectNode patch = pod(random, true);
      JsonNode currentBefore = current.deepCopy();
      JsonNode patchBefore = patch.deepCopy();
      for (PatchType type : List.of(PatchType.MERGE, PatchType.STRATEGIC)) {
        scramble(Patches.apply(type, current, patch, POD));
      }
      assertThat(current).as("object, seed %d", seed).isEqualTo(currentBefore);
      assertThat(patch).as("patch, seed %d", seed).isEqualTo(patchBefore);
    }
  }

  @Test
  void applyIsIdempotentAndWithdrawingRestoresWhatOthersOwn() {
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      ObjectNode base = pod(random, false);
      ObjectNode config = pod(random, false);
      config.remove("status");
      JsonNode configBefore = config.deepCopy();
      JsonNode live = ServerSideApply.trackUpdate(null, base, "base", "", NOW, POD);
      JsonNode liveBefore = live.deepCopy();

      JsonNode once = ServerSideApply.apply(live, config, "m", true, POD, NOW).object();
      JsonNode twice =
          ServerSideApply.apply(once, config, "m", true, POD, NOW.plusSeconds(9)).object();
      JsonNode withdrawn =
          ServerSideApply.apply(once, NODES.objectNode(), "m", false, POD, NOW).object();

      assertThat(live).as("object, seed %d", seed).isEqualTo(liveBefore);
      assertThat(config).as("configuration, seed %d", seed).isEqualTo(configBefore);
      assertThat(twice).as("applied twice, seed %d", seed).isEqualTo(once);
      assertThat(withdrawn.path("metadata").path("managedFields").toString())
          .as("owners after withdrawal, seed %d", seed)
          .doesNotContain("\"manager\":\"m\"");
      assertThat(withdrawn.path("status")).as("seed %d", seed).isEqualTo(base.path("status"));
    }
  }

  private static void scramble(JsonNode node) {
    node.forEach(PatchLawsTest::scramble);
    if (node instanceof ObjectNode object) {
      object.put("scrambled", true);
    } else if (node instanceof ArrayNode array) {
      array.add("scrambled");
    }
  }

  private static ObjectNode difference(ObjectNode from, ObjectNode to) {
    ObjectNode patch = NODES.objectNode();
    from.fieldNames().forEachRemaining(key -> patch.putNull(key));
    to.properties().forEach(field -> patch.set(field.getKey(), field.getValue()));
    from.properties()
        .forEach(
            field -> {
              if (field.getValue() instanceof ObjectNode old
                  && to.get(field.getKey()) instanceof ObjectNode wanted) {
                patch.set(field.getKey(), difference(old, wanted));
              }
            });
    return patch;
  }

  private static ObjectNode plain(Random random, int depth) {
    ObjectNode node = NODES.objectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      String key = "k" + random.nextInt(4);
      switch (random.nextInt(depth > 0 ? 4 : 2)) {
        case 0 -> node.put(key, random.nextInt(3));
        case 1 -> node.put(key, "s" + random.nextInt(3));
        case 2 -> node.set(key, plain(random, depth - 1));
        default -> node.putArray(key).add(random.nextInt(3)).add(plain(random, depth - 1));
      }
    }
    return node;
  }

  /** A pod with random labels, finalizers, containers and conditions, or a patch of one. */
  private static ObjectNode pod(Random random, boolean patch) {
    ObjectNode pod = NODES.objectNode();
    ObjectNode metadata = pod.putObject("metadata");
    for (int i = random.nextInt(3); i > 0; i--) {
      ObjectNode labels = metadata.withObject("/labels");
      String key = "l" + random.nextInt(3);
      if (patch && random.nextBoolean()) {
        labels.putNull(key);
      } else {
        labels.put(key, "v" + random.nextInt(3));
      }
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      String finalizer = "f" + i;
      metadata.withArray("/finalizers").add(finalizer);
    }
    items(pod.putObject("spec").putArray("containers"), "name", random, patch);
    items(pod.putObject("status").putArray("conditions"), "type", random, patch);
    return pod;
  }

  private static void items(ArrayNode list, String key, Random random, boolean patch) {
    for (int i = 0; i < 4; i++) {
      if (random.nextInt(3) > 0) {
        ObjectNode item = list.addObject().put(key, "i" + (patch ? 3 - i : i));
        if (patch && random.nextInt(4) == 0) {
          item.put("$patch", "delete");
        } else {
          item.put(key.equals("name") ? "image" : "message", "x" + random.nextInt(3));
        }
      }
    }
  }
}
