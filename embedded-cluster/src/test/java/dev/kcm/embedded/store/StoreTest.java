package dev.kcm.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Versioned store")
class StoreTest {

  private static final String MAPS = "configmaps";

  private final Store store = Store.create(1000);

  private static ObjectNode object(String value) {
    return JsonNodeFactory.instance.objectNode().put("value", value);
  }

  private static long version(JsonNode object) {
    return object.path("metadata").path("resourceVersion").asLong();
  }

  @Test
  void storesOnlyOverTheInstanceThatWasRead() {
    ObjectNode first = object("1");
    assertThat(store.put(MAPS, "a", null, first)).isTrue();
    assertThat(store.put(MAPS, "a", null, object("2"))).isFalse();
    assertThat(store.put(MAPS, "a", first.deepCopy(), object("2"))).isFalse();
    assertThat(store.put(MAPS, "a", store.get(MAPS, "a"), object("2"))).isTrue();
    assertThat(store.remove(MAPS, "a", first)).isFalse();
    assertThat(store.remove(MAPS, "a", store.get(MAPS, "a"))).isTrue();
    assertThat(store.get(MAPS, "a")).isNull();
    assertThat(store.revision()).isEqualTo(Store.FIRST_REVISION + 3);
  }

  @Test
  void doesNotTouchTheOldVersionWhenItStampsANewOne() {
    ObjectNode first = object("1");
    store.put(MAPS, "a", null, first);
    ObjectNode second = object("2");
    second.set("metadata", first.get("metadata"));
    store.put(MAPS, "a", first, second);
    assertThat(version(first)).isEqualTo(Store.FIRST_REVISION + 1);
    assertThat(version(second)).isEqualTo(Store.FIRST_REVISION + 2);
  }

  @Test
  void forgetsTheOldestChangesBeyondItsLimit() throws Exception {
    Store small = Store.create(3);
    for (int i = 0; i < 5; i++) {
      small.put(i % 2 == 0 ? MAPS : "pods", "k" + i, null, object("v"));
    }
    List<String> seen = new ArrayList<>();
    var small2 = small.follow(MAPS, Store.FIRST_REVISION + 2, event -> seen.add(event.key()));
    small2.close();
    assertThat(seen).containsExactly("k2", "k4");
    assertThatThrownBy(() -> small.follow(MAPS, Store.FIRST_REVISION + 1, event -> {}))
        .isInstanceOf(CompactedException.class)
        .hasMessage("revision 101 was compacted, history starts after 102");
    assertThatThrownBy(() -> small.listAt("pods", "", Store.FIRST_REVISION + 1))
        .isInstanceOf(CompactedException.class);
  }

  @Test
  void deliversWhatAListenerWritesAfterwards() throws Exception {
    List<String> seen = new ArrayList<>();
    store.follow(
        MAPS,
        store.revision(),
        event -> {
          if (event.key().equals("a")) {
            store.put(MAPS, "b", null, object("made by the listener"));
          }
          seen.add(event.key());
        });
    store.put(MAPS, "a", null, object("1"));
    assertThat(seen).containsExactly("a", "b");
  }

  @Test
  void refusesAnEmptyHistory() {
    assertThatThrownBy(() -> Store.create(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("historyLimit must be at least 1, not 0");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  @DisplayName("A list at a revision is the list of that time")
  void remembersEveryState(long seed) throws Exception {
    Random random = new Random(seed);
    Map<Long, Map<String, JsonNode>> states = new HashMap<>();
    Map<String, JsonNode> now = new TreeMap<>();
    for (int i = 0; i < 200; i++) {
      String key = "n" + random.nextInt(2) + "/k" + random.nextInt(8);
      JsonNode current = store.get(MAPS, key);
      if (current != null && random.nextInt(3) == 0) {
        store.remove(MAPS, key, current);
        now.remove(key);
      } else {
        ObjectNode next = object("v" + i);
        store.put(MAPS, key, current, next);
        now.put(key, next);
      }
      states.put(store.revision(), new TreeMap<>(now));
    }
    for (Map.Entry<Long, Map<String, JsonNode>> state : states.entrySet()) {
      assertThat(store.listAt(MAPS, "", state.getKey()).entries())
          .as("seed %d revision %d", seed, state.getKey())
          .containsExactlyElementsOf(state.getValue().entrySet());
      state.getValue().keySet().removeIf(key -> !key.startsWith("n1/"));
      assertThat(store.listAt(MAPS, "n1/", state.getKey()).entries())
          .as("seed %d revision %d", seed, state.getKey())
          .containsExactlyElementsOf(state.getValue().entrySet());
    }
  }
}
