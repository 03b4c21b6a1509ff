import { describe, expect, it } from "vitest";
import { scan, structOf } from "../src/scan";

/** A resource with an argument and a block, as the generator of the bindings writes them. */
const SOURCE = `
export interface ThingConfig extends cdktf.TerraformMetaArguments {
  /**
  * How big it is.
  *
  * Docs at Terraform Registry: {@link https://example.com/docs#big_size Thing#big_size}
  */
  readonly bigSize?: number;
  /**
  * part block
  *
  * Docs at Terraform Registry: {@link https://example.com/docs#part Thing#part}
  *
  * Note: more words.
  */
  readonly part: ThingPart[] | cdktf.IResolvable;
}
export interface ThingPart {
}

export function thingPartToHclTerraform(struct?: ThingPart | cdktf.IResolvable): any {
  const attrs = {
    self: {
      value: struct!.self === undefined ? null : cdktf.booleanToHclTerraform(struct!.self),
      isBlock: false,
      type: "simple",
      storageClassType: "boolean",
    },
  };
}

export class ThingPartOutputReference extends cdktf.ComplexObject {

  // self - computed: false, optional: true, required: false
  private _self?: boolean | cdktf.IResolvable; 
  public get self() {
}

export class Thing extends cdktf.TerraformDataSource {
  public constructor(scope: Construct, id: string, config: ThingConfig) {
  }

  // arn - computed: true, optional: false, required: false
  public get arn() {
    return this.getStringAttribute('arn');
  }
  protected synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      part: {
        value: cdktf.listMapperHcl(thingPartToHclTerraform, true)(this._part.internalValue),
        isBlock: true,
        type: "set",
        storageClassType: "ThingPartList",
      },
    };
  }
}
`;

describe("the generated source", () => {
  const scanned = scan(SOURCE);
  it("names the construct, its kind and its arguments", () => {
    expect(scanned).toMatchObject({ main: "Thing", base: "DataSource", config: "ThingConfig" });
  });
  it("documents each argument by Terraform's name", () => {
    expect(scanned.interfaces).toEqual({
      ThingConfig: {
        big_size: { description: "How big it is.", optional: true },
        part: { description: "part block", optional: false },
      },
      ThingPart: {},
    });
  });
  it("has the mapper of each argument", () => {
    expect(scanned.mappers).toEqual({
      Thing: { part: { mapper: "cdktf.listMapperHcl(thingPartToHclTerraform, true)", type: "set" } },
      ThingPart: { self: { mapper: "cdktf.booleanToHclTerraform", type: "simple" } }, // without its default
    });
  });
  it("declares attributes with flags and code", () => {
    expect(scanned.classes.Thing).toEqual([
      {
        name: "arn",
        computed: true,
        optional: false,
        required: false,
        code: expect.stringContaining("getStringAttribute('arn')"),
      },
    ]);
    expect(scanned.classes.ThingPartOutputReference).toMatchObject([{ name: "self", computed: false, optional: true }]);
  });
  it("must have a construct", () => expect(() => scan("export interface A {\n}\n")).toThrow(/declares no resource/));
});

it("a mapper names its struct", () =>
  expect(structOf("eksClusterVpcConfigToHclTerraform")).toBe("EksClusterVpcConfig"));
