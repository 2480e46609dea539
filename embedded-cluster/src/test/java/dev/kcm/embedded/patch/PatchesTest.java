package dev.kcm.embedded.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PatchesTest {

  /** Reads JSON with bare field names and single quotes, to keep the tables readable. */
  private static final JsonMapper RELAXED =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .build();

  private static final Kind POD = KindTable.standard().ofKind("v1", "Pod").orElseThrow();

  @ParameterizedTest(name = "{0} + {1} = {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {a:'b'}            | {a:'c'}              | {a:'c'}
          {a:'b'}            | {b:'c'}              | {a:'b',b:'c'}
          {a:'b'}            | {a:null}             | {}
          {a:'b',b:'c'}      | {a:null}             | {b:'c'}
          {a:['b']}          | {a:'c'}              | {a:'c'}
          {a:'c'}            | {a:['b']}            | {a:['b']}
          {a:{b:'c'}}        | {a:{b:'d',c:null}}   | {a:{b:'d'}}
          {a:[{b:'c'}]}      | {a:[1]}              | {a:[1]}
          {a:'foo'}          | {a:{b:{c:null}}}     | {a:{b:{}}}
          {e:null}           | {a:1}                | {e:null,a:1}
          {}                 | {a:{bb:{ccc:null}}}  | {a:{bb:{}}}
          {a:{b:1}}          | {}                   | {a:{b:1}}
          """)
  void mergesAsRfc7386Says(String current, String patch, String expected) {
    assertThat(apply(PatchType.MERGE, current, patch)).isEqualTo(read(expected));
  }

  @ParameterizedTest(name = "{0} + {1} = {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {a:1}       | []                                                      | {a:1}
          {a:1}       | [{op:'add',path:'/b',value:2}]                          | {a:1,b:2}
          {a:[1,3]}   | [{op:'add',path:'/a/1',value:2}]                        | {a:[1,2,3]}
          {a:[1]}     | [{op:'add',path:'/a/-',value:2}]                        | {a:[1,2]}
          {a:1,b:2}   | [{op:'remove',path:'/a'}]                               | {b:2}
          {a:1}       | [{op:'replace',path:'/a',value:2}]                      | {a:2}
          {a:{b:1}}   | [{op:'move',from:'/a/b',path:'/c'}]                     | {a:{},c:1}
          {a:{b:1}}   | [{op:'copy',from:'/a',path:'/c'},{op:'add',path:'/c/d',value:2}] | {a:{b:1},c:{b:1,d:2}}
          {a:1}       | [{op:'test',path:'/a',value:1},{op:'remove',path:'/a'}] | {}
          {'x/y':1,'m~n':2} | [{op:'remove',path:'/x~1y'},{op:'remove',path:'/m~0n'}] | {}
          {}          | [{op:'add',path:'/a',value:{}},{op:'add',path:'/a/b',value:1}] | {a:{b:1}}
          """)
  void appliesOperations(String current, String patch, String expected) {
    assertThat(apply(PatchType.JSON, current, patch)).isEqualTo(read(expected));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          422 | [{op:'test',path:'/a',value:2}]
          422 | [{op:'test',path:'/none',value:2}]
          422 | [{op:'remove',path:'/none'}]
          422 | [{op:'replace',path:'/none',value:1}]
          422 | [{op:'add',path:'/none/x',value:1}]
          422 | [{op:'add',path:'/list/7',value:1}]
          422 | [{op:'remove',path:'/list/1'}]
          422 | [{op:'copy',from:'/none',path:'/b'}]
          422 | [{op:'move',from:'/none',path:'/b'}]
          422 | [{op:'jump',path:'/a'}]
          422 | [{op:'add',path:'a',value:1}]
          422 | [{path:'/a'}]
          422 | [{op:'add'}]
          422 | [{op:5,path:'/a'}]
          422 | [{}]
          400 | {op:'add',path:'/a',value:1}
          400 | ['add']
          400 | 5
          """)
  void refusesOperations(int code, String patch) {
    assertThat(refusal(PatchType.JSON, "{a:1,list:[0]}", patch).code()).isEqualTo(code);
  }

  @Test
  void saysNoMoreThanTheApiAboutAFailedOperation() {
    assertThat(refusal(PatchType.JSON, "{}", "[{op:'remove',path:'/a'}]"))
        .hasMessage("the server rejected our request due to an error in our request");
  }

  @Test
  void allowsTenThousandOperations() {
    ArrayNode patch = RELAXED.createArrayNode();
    JsonNode operation = read("{op:'add',path:'/a',value:1}");
    for (int i = 0; i < Patches.MAX_OPERATIONS; i++) {
      patch.add(operation);
    }
    assertThat(Patches.apply(PatchType.JSON, read("{}"), patch, POD)).isEqualTo(read("{a:1}"));
    patch.add(operation);
    PatchException refusal =
        catchThrowableOfType(
            PatchException.class, () -> Patches.apply(PatchType.JSON, read("{}"), patch, POD));
    assertThat(refusal.code()).isEqualTo(413);
    assertThat(refusal)
        .hasMessageContaining("allowed maximum operations in a JSON patch is 10000, got 10001");
  }

  @ParameterizedTest
  @CsvSource({"MERGE", "STRATEGIC"})
  void refusesPatchesThatAreNoObject(PatchType type) {
    assertThat(refusal(type, "{}", "[]").code()).isEqualTo(400);
  }

  @Test
  void refusesStrategicPatchesOfUnknownKinds() {
    Kind custom =
        new Kind(
            "example.com",
            "v1",
            "Widget",
            "widgets",
            "widget",
            List.of(),
            List.of(),
            true,
            List.of("patch"),
            List.of(),
            "",
            Set.of());
    PatchException refusal =
        catchThrowableOfType(
            PatchException.class,
            () -> Patches.apply(PatchType.STRATEGIC, read("{}"), read("{}"), custom));
    assertThat(refusal.code()).isEqualTo(415);
    assertThat(Patches.apply(PatchType.MERGE, read("{}"), read("{a:1}"), custom))
        .isEqualTo(read("{a:1}"));
  }

  private static JsonNode apply(PatchType type, String current, String patch) {
    JsonNode before = read(current);
    JsonNode change = read(patch);
    JsonNode after = Patches.apply(type, before, change, POD);
    assertThat(before).as("the object to patch").isEqualTo(read(current));
    assertThat(change).as("the patch").isEqualTo(read(patch));
    return after;
  }

  private static PatchException refusal(PatchType type, String current, String patch) {
    return catchThrowableOfType(PatchException.class, () -> apply(type, current, patch));
  }

  static JsonNode read(String text) {
    try {
      return RELAXED.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + text, e);
    }
  }
}
