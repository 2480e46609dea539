package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListDecodingTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private record Cut(List<String> items, String envelope) {}

  private static Cut cut(byte[] bytes, Random random) throws IOException {
    List<String> items = new ArrayList<>();
    ItemScanner scanner =
        new ItemScanner(
            (json, begin, end) -> {
              int after = JsonCursor.endOfNested(json, begin, end);
              if (after > end) {
                return ItemScanner.INCOMPLETE;
              }
              items.add(new String(json, begin, after - begin, StandardCharsets.UTF_8));
              return after;
            },
            1 + random.nextInt(300));
    int from = 0;
    while (from < bytes.length) {
      int to = Math.min(bytes.length, from + 1 + random.nextInt(random.nextBoolean() ? 3 : 200));
      scanner.feed(ByteBuffer.wrap(bytes, from, to - from));
      from = to;
    }
    Bytes envelope = scanner.finish();
    return new Cut(
        items, new String(envelope.array(), 0, envelope.length(), StandardCharsets.UTF_8));
  }

  @Test
  void cutsAnyListIntoItsItemsWhereverTheNetworkSplitsIt() throws IOException {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      ObjectNode list = JSON.createObjectNode();
      ArrayNode items = JSON.createArrayNode();
      for (int i = random.nextInt(6); i > 0; i--) {
        items.add(object(random, 3));
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        list.set("k" + i, value(random, 3));
      }
      list.set("items", items);
      list.set("metadata", JSON.createObjectNode().put("items", "\"items\":[{"));
      if (random.nextBoolean()) {
        list.set("after", value(random, 2));
      }
      String text = random.nextBoolean() ? list.toString() : list.toPrettyString();

      Cut cut = cut(text.getBytes(StandardCharsets.UTF_8), random);

      List<JsonNode> found = new ArrayList<>();
      for (String item : cut.items()) {
        found.add(JSON.readTree(item));
      }
      assertThat(found).as("seed %d: %s", seed, text).containsExactlyElementsOf(items);
      list.set("items", JSON.createArrayNode());
      assertThat(JSON.readTree(cut.envelope())).as("seed %d: %s", seed, text).isEqualTo(list);
    }
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> JSON.getNodeFactory().numberNode(random.nextInt());
      case 1 -> JSON.getNodeFactory().booleanNode(true);
      case 2 -> JSON.getNodeFactory().nullNode();
      case 3 -> JSON.getNodeFactory().textNode(text(random));
      case 4 -> object(random, depth - 1);
      default -> {
        ArrayNode array = JSON.createArrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(random, depth - 1));
        }
        yield array;
      }
    };
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = JSON.createObjectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set(
          random.nextInt(3) == 0 ? "items" : text(random), value(random, Math.max(0, depth)));
    }
    return object;
  }

  private static String text(Random random) {
    String[] parts = {
      "\"", "\\", "[", "]", "{", "}", ",", ":", "items", "\u20ac", "\ud83d\ude00", " "
    };
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  @Test
  void takesAListWithoutItems() throws IOException {
    Cut cut =
        cut(
            "{\"items\":null,\"kind\":\"PodList\"}".getBytes(StandardCharsets.UTF_8),
            new Random(1));

    assertThat(cut.items()).isEmpty();
    assertThat(cut.envelope()).isEqualTo("{\"items\":null,\"kind\":\"PodList\"}");
  }

  @Test
  void refusesAListThatWasCutOff() {
    byte[] half = "{\"kind\":\"PodList\",\"items\":[{\"a\":1},".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> cut(half, new Random(1)))
        .isInstanceOf(IOException.class)
        .hasMessage("the list ended in the middle");
  }

  @Test
  void sharesStringsThatRepeat() throws IOException {
    Codec codec = new Codec(false);
    ResourceType<Pod> pods = ResourceType.of(Pod.class);
    byte[] json =
        """
        {"metadata":{"name":"a","namespace":"shop","labels":{"app.kubernetes.io/name":"web"},\
        "annotations":null},"spec":{"nodeName":"node-1","containers":[{"image":"nginx:1"}]}}\
        """
            .getBytes(StandardCharsets.UTF_8);

    Pod first = codec.decoder(pods).read(json, 0, json.length);
    Pod second = codec.decoder(pods).read(json, 0, json.length);

    assertThat(first).isEqualTo(second).isNotSameAs(second);
    assertThat(first.getMetadata().getNamespace()).isSameAs(second.getMetadata().getNamespace());
    assertThat(first.getSpec().getNodeName()).isSameAs(second.getSpec().getNodeName());
    assertThat(first.getMetadata().getLabels().keySet().iterator().next())
        .isSameAs(second.getMetadata().getLabels().keySet().iterator().next());
    assertThat(first.getSpec().getContainers().get(0).getImage())
        .isSameAs(second.getSpec().getContainers().get(0).getImage());
  }
}
