package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sharing saves memory and changes nothing that can be seen. */
class SharedBranchesTest {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final SharedBranches branches = new SharedBranches();

  private ObjectNode shared(String json) {
    return branches.of((ObjectNode) Cluster.json(json));
  }

  @Test
  void sharesEqualBranchesOfDifferentObjects() {
    ObjectNode one = shared("{name:'a',spec:{c:[{image:'i',n:8080}]}}");
    ObjectNode other = shared("{name:'b',spec:{c:[{image:'i',n:8080}]}}");

    assertThat(other.get("spec")).isSameAs(one.get("spec"));
    assertThat(other.get("name").asText()).isEqualTo("b");
  }

  @Test
  void leavesTheRootItsOwn() {
    ObjectNode one = shared("{a:1}");
    ObjectNode other = shared("{a:1}");
    other.put("a", 2);

    assertThat(one.get("a").asInt()).isEqualTo(1);
  }

  @Test
  void tellsOrderAndTypesOfFieldsApart() {
    String[] texts = {
      "{r:{a:1,b:2}}", "{r:{b:2,a:1}}", "{r:{a:1}}", "{r:{a:'1',b:2}}", "{r:[1,2]}"
    };
    for (int round = 0; round < 2; round++) {
      for (String text : texts) {
        assertThat(shared(text)).hasToString(Cluster.json(text).toString());
      }
    }
  }

  @Test
  void givesBackEveryRandomTreeAsItWas() {
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      ObjectNode tree = JSON.objectNode().set("root", tree(random, 4));
      String before = tree.toString();

      assertThat(branches.of(tree)).as("seed %d", seed).hasToString(before);
      assertThat(tree).as("seed %d, the tree that came in", seed).hasToString(before);
    }
  }

  private static JsonNode tree(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> JSON.numberNode(random.nextInt(50));
      case 1 -> JSON.textNode("t" + random.nextInt(50));
      case 2 -> JSON.nullNode();
      case 3 -> JSON.booleanNode(random.nextBoolean());
      case 4 -> {
        var array = JSON.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(tree(random, depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = JSON.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set("f" + random.nextInt(6), tree(random, depth - 1));
        }
        yield object;
      }
    };
  }
}
