package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read straight from the bytes is what Jackson reads. */
class ModelReadersTest {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final ObjectMapper TEXT = new ObjectMapper();

  private final Codec codec = new Codec(false);

  private <T extends HasMetadata> Object read(Class<T> type, byte[] json) {
    try {
      return codec.decoder(ResourceType.of(type)).read(json, 0, json.length);
    } catch (IOException refused) {
      return refused.getMessage();
    }
  }

  private <T extends HasMetadata> Object readFrozen(Class<T> type, byte[] json) {
    try {
      return codec.decoder(ResourceType.of(type)).readFrozen(json, 0, json.length);
    } catch (IOException refused) {
      return refused.getMessage();
    }
  }

  private <T extends HasMetadata> Object readByJackson(Class<T> type, byte[] json) {
    try {
      return Codec.named(ResourceType.of(type), type.cast(codec.reader(type).readValue(json)));
    } catch (IOException refused) {
      return refused.getMessage();
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ConfigMap.class,
        CustomResourceDefinition.class,
        Deployment.class,
        EndpointSlice.class,
        HorizontalPodAutoscaler.class,
        Job.class,
        Lease.class,
        Node.class,
        PersistentVolume.class,
        Pod.class,
        Secret.class,
        Service.class
      })
  <T extends HasMetadata> void readsObjectsAsJacksonDoes(Class<T> type) throws Exception {
    int quick = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      // Every second one holds only what is common, and must not need Jackson.
      ObjectNode object = bean(type, random, 0, seed % 2 == 1);
      object.set("metadata", bean(ObjectMeta.class, random, 3, seed % 2 == 1));
      String text = random.nextBoolean() ? object.toString() : object.toPrettyString();
      byte[] json = text.getBytes(StandardCharsets.UTF_8);

      assertThat(read(type, json))
          .as("seed %d: %s", seed, text)
          .isEqualTo(readByJackson(type, json))
          .isEqualTo(readFrozen(type, json));

      quick += isReadQuickly(type, json) ? 1 : 0;
      assertReadsDamagedTextAsJackson(type, json, random, seed);
    }
    assertThat(quick).isGreaterThanOrEqualTo(20);
  }

  private <T extends HasMetadata> boolean isReadQuickly(Class<T> type, byte[] json)
      throws IOException {
    try {
      codec.decoder(ResourceType.of(type)).read(new JsonCursor(json, 0, json.length));
      return true;
    } catch (Unusual left) {
      return false;
    }
  }

  private <T extends HasMetadata> void assertReadsDamagedTextAsJackson(
      Class<T> type, byte[] json, Random random, int seed) {
    for (int i = 0; i < 10; i++) {
      byte[] damaged = json.clone();
      String letters = "\"\\{}[]:,0x \n\0\u00e9";
      int at = random.nextInt(json.length);
      damaged[at] = (byte) letters.charAt(random.nextInt(letters.length()));
      // As text, since quantities that are no numbers cannot be compared.
      assertThat(read(type, damaged).toString())
          .as("seed %d: %s", seed, new String(damaged, StandardCharsets.ISO_8859_1))
          .isEqualTo(readByJackson(type, damaged).toString());
    }
  }

  private static ObjectNode bean(Class<?> type, Random random, int depth, boolean common)
      throws ReflectiveOperationException {
    ObjectNode object = JSON.objectNode();
    for (Class<?> holder = type; holder != Object.class; holder = holder.getSuperclass()) {
      for (Field field : holder.getDeclaredFields()) {
        JsonProperty name = field.getAnnotation(JsonProperty.class);
        boolean wanted = random.nextInt(depth == 0 ? 1 : depth) == 0;
        if (name != null && wanted && !name.value().equals("managedFields")) {
          JsonNode value = value(field.getGenericType(), random, depth, common);
          if (value != null) {
            object.set(name.value(), value);
          }
        }
      }
    }
    if (random.nextInt(20) == 0) {
      object.set("notInTheModel", TEXT.createObjectNode().put("a", text(random, common)));
    }
    return object;
  }

  /** A value of a type; null for types that are left out. */
  private static JsonNode value(Type type, Random random, int depth, boolean common)
      throws ReflectiveOperationException {
    if (!common && random.nextInt(30) == 0) {
      return random.nextBoolean() ? JSON.nullNode() : JSON.textNode("17");
    }
    if (type instanceof ParameterizedType generic) {
      return container(generic, random, depth, common);
    }
    if (type == String.class || type == IntOrString.class) {
      return JSON.textNode(text(random, common));
    }
    if (type == Integer.class) {
      return JSON.numberNode(random.nextInt());
    }
    if (type == Long.class) {
      return JSON.numberNode(random.nextLong() >> (common ? 8 : random.nextInt(60)));
    }
    if (type == Boolean.class) {
      return JSON.booleanNode(random.nextBoolean());
    }
    if (type == Quantity.class) {
      return JSON.textNode(List.of("1", "128Mi", "50m", "1e3", "0.5").get(random.nextInt(5)));
    }
    boolean model = type.getTypeName().startsWith("io.fabric8") && depth < 6;
    boolean bean = model && ((Class<?>) type).getDeclaredConstructors().length > 1;
    return bean ? bean((Class<?>) type, random, depth + 1, common) : null;
  }

  private static JsonNode container(
      ParameterizedType type, Random random, int depth, boolean common)
      throws ReflectiveOperationException {
    Type[] arguments = type.getActualTypeArguments();
    Type content = arguments[arguments.length - 1];
    int size = random.nextInt(4);
    if (type.getRawType() == List.class) {
      ArrayNode array = JSON.arrayNode();
      for (int i = 0; i < size; i++) {
        JsonNode element = value(content, random, depth, common);
        if (element == null) {
          return array;
        }
        array.add(element);
      }
      return array;
    }
    if (type.getRawType() != Map.class) {
      return null;
    }
    ObjectNode map = JSON.objectNode();
    for (int i = 0; i < size; i++) {
      JsonNode element = value(content, random, depth, common);
      if (element == null) {
        return map;
      }
      map.set(text(random, common), element);
    }
    return map;
  }

  private static String text(Random random, boolean common) {
    String plain = "app.kubernetes.io/name: nginx-1.28 with some more text behind it";
    int from = random.nextInt(30);
    String cut = plain.substring(from, from + random.nextInt(plain.length() - from));
    return common || random.nextInt(5) > 0 ? cut : cut + "\"\\\n\u20ac\ud83d\ude00" + cut;
  }

  @Test
  void leavesManagedFieldsOut() {
    byte[] json =
        """
        {"metadata":{"managedFields":[{"manager":"a","fieldsV1":{"f:x":{".":{}}}}],"name":"b"}}\
        """
            .getBytes(StandardCharsets.UTF_8);

    Pod pod = (Pod) read(Pod.class, json);

    assertThat(pod.getMetadata().getManagedFields()).isEmpty();
    assertThat(pod.getMetadata().getName()).isEqualTo("b");
  }

  @Test
  void sharesEqualPartsOfObjectsThatNobodyChanges() {
    byte[] json =
        """
        {"metadata":{"name":"b","labels":{"app":"web"}},
        "spec":{"tolerations":[{"key":"a","operator":"Exists"}]}}\
        """
            .getBytes(StandardCharsets.UTF_8);

    Pod one = (Pod) readFrozen(Pod.class, json);
    Pod two = (Pod) readFrozen(Pod.class, json);
    Pod free = (Pod) read(Pod.class, json);

    assertThat(one).isEqualTo(two).isEqualTo(free).isNotSameAs(two);
    assertThat(one.getSpec()).isSameAs(two.getSpec());
    assertThat(one.getMetadata()).isSameAs(two.getMetadata());
    assertThat(free.getMetadata().getLabels()).isNotSameAs(two.getMetadata().getLabels());
  }

  @Test
  void keepsWhatTheModelDoesNotKnow() {
    byte[] json =
        "{\"metadata\":{\"name\":\"b\"},\"spec\":{\"new\":{\"a\":[1,true,null]}}}"
            .getBytes(StandardCharsets.UTF_8);

    Pod pod = (Pod) read(Pod.class, json);

    assertThat(pod.getSpec().getAdditionalProperties()).containsOnlyKeys("new");
    assertThat(pod).isEqualTo(readByJackson(Pod.class, json));
  }

  @Test
  void readsObjectsWithoutAClassOfTheirOwn() throws IOException {
    byte[] json =
        "{\"kind\":\"Db\",\"metadata\":{\"name\":\"b\"},\"spec\":{\"size\":3}}"
            .getBytes(StandardCharsets.UTF_8);
    ResourceType<GenericKubernetesResource> dbs =
        ResourceType.generic("example.com", "v1", "Db", "dbs", true);

    GenericKubernetesResource db = codec.decoder(dbs).read(json, 0, json.length);
    PartialObjectMetadata part = codec.decoder(dbs.metadataOnly()).read(json, 0, json.length);

    assertThat(db.getApiVersion()).isEqualTo("example.com/v1");
    assertThat(db.<Integer>get("spec", "size")).isEqualTo(3);
    assertThat(part.getMetadata().getName()).isEqualTo("b");
  }
}
