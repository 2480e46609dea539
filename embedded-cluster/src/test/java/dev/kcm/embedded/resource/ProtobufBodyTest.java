package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A15 bodies in protobuf")
class ProtobufBodyTest {

  /** Writes fields of one message. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message text(int field, String text) {
      return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message message) {
      return bytes(field, message.out.toByteArray());
    }

    Message entry(int field, String key, Message value) {
      return message(field, new Message().text(1, key).message(2, value));
    }

    Message bytes(int field, byte[] bytes) {
      varint(((long) field << 3) | 2);
      varint(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        out.write((int) ((rest & 0x7F) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }

  private static byte[] body(String apiVersion, String kind, Message content) {
    Message type = new Message().text(1, apiVersion).text(2, kind);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {'k', '8', 's', 0});
    body.writeBytes(
        new Message()
            .message(1, type)
            .message(2, content)
            .text(3, "")
            .text(4, "")
            .out
            .toByteArray());
    return body.toByteArray();
  }

  /** Metadata as Go clients send it: with all the texts that are empty. */
  private static Message metadata(String name) {
    return new Message()
        .text(1, name)
        .text(2, "")
        .text(3, "shop")
        .text(5, "")
        .number(7, 0)
        .message(8, new Message());
  }

  private static Message pod() {
    Message quantity = new Message().text(1, "100m");
    Message port = new Message().text(1, "").number(2, 0).number(3, 80).text(4, "TCP");
    Message probe =
        new Message()
            .message(
                1,
                new Message()
                    .message(
                        2,
                        new Message()
                            .text(1, "/")
                            .message(2, new Message().number(1, 1).number(2, 0).text(3, "http"))))
            .number(2, 0)
            .number(3, 5);
    Message container =
        new Message()
            .text(1, "c")
            .text(2, "nginx")
            .message(6, port)
            .message(8, new Message().entry(1, "cpu", quantity))
            .message(11, probe)
            .number(16, 0);
    Message volume =
        new Message().text(1, "v").message(2, new Message().message(2, new Message().text(1, "")));
    return new Message()
        .message(1, metadata("p"))
        .message(
            2,
            new Message()
                .message(1, volume)
                .message(2, container)
                .number(4, 0)
                .number(11, 0)
                .number(30, 0));
  }

  @Test
  void decodesTextsAndBytesByKey() {
    Message content =
        new Message()
            .message(1, metadata("c").message(11, new Message().text(1, "app").text(2, "x")))
            .message(2, new Message().text(1, "k").text(2, "v\u00e4"))
            .message(3, new Message().text(1, "b").bytes(2, new byte[] {0, 1}));
    assertThat(ProtobufBody.decode(body("v1", "ConfigMap", content), "ConfigMap"))
        .isEqualTo(
            Cluster.json(
                "{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'c',namespace:'shop',"
                    + "labels:{app:'x'}},data:{k:'v\u00e4'},binaryData:{b:'AAE='}}"));
  }

  @Test
  void decodesWhatJsonShowsInline() {
    JsonNode decoded = ProtobufBody.decode(body("v1", "Pod", pod()), "Pod");
    assertThat(decoded.path("spec"))
        .isEqualTo(
            Cluster.json(
                "{volumes:[{name:'v',emptyDir:{}}],containers:[{name:'c',image:'nginx',"
                    + "ports:[{containerPort:80,protocol:'TCP'}],resources:{limits:{cpu:'100m'}},"
                    + "readinessProbe:{httpGet:{path:'/',port:'http'},timeoutSeconds:5}}],"
                    + "terminationGracePeriodSeconds:0,enableServiceLinks:false}"));
  }

  @Test
  void keepsZeroWhereItIsNotTheSameAsNothing() {
    Message deployment =
        new Message().message(1, metadata("d")).message(2, new Message().number(1, 0).number(5, 0));
    assertThat(ProtobufBody.decode(body("apps/v1", "Deployment", deployment), "").path("spec"))
        .as("replicas was set, minReadySeconds was not")
        .isEqualTo(Cluster.json("{replicas:0}"));
  }

  @Test
  void decodesTimes() {
    Message time = new Message().number(1, 1_700_000_000).number(2, 123_456_789);
    Message lease =
        new Message().message(1, metadata("l")).message(2, new Message().message(4, time));
    assertThat(
            ProtobufBody.decode(body("coordination.k8s.io/v1", "Lease", lease), "")
                .path("spec")
                .path("renewTime")
                .asText())
        .isEqualTo("2023-11-14T22:13:20.123456Z");
  }

  @Test
  void refusesKindsThatComeAsJsonOnly() {
    StatusException refusal =
        catchThrowableOfType(
            StatusException.class,
            () -> ProtobufBody.decode(body("example.com/v1", "Thing", new Message()), "Thing"));
    assertThat(refusal.code()).isEqualTo(415);
  }

  @Test
  void refusesWhatIsNoProtobuf() {
    StatusException refusal =
        catchThrowableOfType(
            StatusException.class,
            () -> ProtobufBody.decode("{}".getBytes(StandardCharsets.UTF_8), "Pod"));
    assertThat(refusal.code()).isEqualTo(400);
    assertThat(refusal.status().path("message").asText())
        .isEqualTo(
            "the object provided is unrecognized (must be of type Pod): protobuf parse error:"
                + " provided data does not appear to be a protobuf message");
  }

  @Test
  void damagedBodiesAreDecodedOrRefusedButNeverBreakTheServer() {
    byte[] whole = body("v1", "Pod", pod());
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      byte[] damaged = java.util.Arrays.copyOf(whole, 4 + random.nextInt(whole.length - 3));
      for (int i = random.nextInt(4); i > 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      int code = decode(damaged, seed);
      assertThat(code).as("seed %d", seed).isIn(200, 400, 415);
    }
  }

  private static int decode(byte[] damaged, long seed) {
    try {
      assertThat(ProtobufBody.decode(damaged, "Pod").isObject()).as("seed %d", seed).isTrue();
      return 200;
    } catch (StatusException e) {
      return e.code();
    }
  }
}
