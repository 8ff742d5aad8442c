"""Arguments of all commands of ``cropcore``."""

from __future__ import annotations

from pathlib import Path

from cropcore.cli import argument_types
from cropcore.cli.argument_types import (
    ASPECTS,
    Commands,
    Run,
    add_common,
    add_fixed_crop,
    add_json,
    add_photos,
    add_sidecar,
    command,
)
from cropcore.cluster.url_system import place_of
from cropcore.geometry.aspect import Aspect

LAYOUTS = ("gaicd", "cpc", "fcdb", "flms", "fat")
SPLITS = ("train", "validation", "test")
FORMATS = ("keep", "jpeg", "png", "webp", "tiff", "avif", "heic")


def add_crop(commands: Commands, run: Run) -> None:
    """Add the command to the parser; ``run`` carries it out."""
    parser = command(
        commands,
        "crop",
        run,
        "rank crops of photos, and export them",
        "Rank crops of each photo for each aspect. With --out the best are written there; "
        "originals and existing files are never changed.",
        "cropcore crop photo.jpg --aspect 4:5 --out crops/\n"
        "  cropcore crop *.jpg --aspect 1.91 --aspect circle -k 3 --out crops/ --format webp\n"
        "  cropcore crop photo.jpg --aspect 4:5 --also 1:1 --also 16:9 --out crops/\n"
        "  cropcore crop *.NEF --aspect 4:5 --sidecar xmp\n"
        "  cropcore crop team/*.jpg --match team/anna.jpg@0.3,0.1,0.7,0.7 --out crops/\n"
        "  cropcore crop photo.jpg --box 0.1,0,0.9,1 --lossless --out crops/\n"
        "  cropcore crop photo.jpg --json - | jq '.photos[0].results[0].candidates[0].box'",
    )
    add_photos(parser)
    parser.add_argument(
        "--aspect",
        metavar="A",
        type=argument_types.aspect,
        action="append",
        help=f"{ASPECTS}; may be given several times (default: free)",
    )
    parser.add_argument(
        "--also",
        metavar="A",
        type=argument_types.later_aspect,
        action="append",
        default=[],
        help="a ratio or circle that is to be cut from the crop later; candidates are ranked with the "
        "best such crops inside them, which are listed and exported too; may be given several times",
    )
    parser.add_argument(
        "--keep-heads",
        choices=("yes", "no"),
        default="yes",
        help="whether crops keep persons' heads whole wherever one of the shape can (default: yes)",
    )
    parser.add_argument(
        "--keep-text",
        choices=("yes", "no"),
        default="no",
        help="whether crops keep pieces of text whole in the same way; needs the extra text "
        "(default: no)",
    )
    parser.add_argument(
        "--method", metavar="M", help="the method to ask, or all (default: the engine's best)"
    )
    parser.add_argument(
        "--weights", metavar="DIR", type=Path, help="other weights than the shipped ones"
    )
    parser.add_argument(
        "-k",
        metavar="N",
        type=argument_types.whole(1, 100),
        help="candidates per aspect, all exported (default: ten are listed, the best exported)",
    )
    parser.add_argument(
        "--match",
        metavar="PHOTO@X1,Y1,X2,Y2",
        type=argument_types.pattern_source,
        help="crop the photos like this box of another one: heads as high and at the same eye line, objects "
        "with the same margins; says the method by which a preset does the same",
    )
    add_fixed_crop(parser)
    parser.add_argument("--out", metavar="DIR", type=Path, help="folder to export to")
    add_sidecar(parser)
    parser.add_argument(
        "--format", choices=FORMATS, default="keep", help="of the exported files (default: keep)"
    )
    parser.add_argument(
        "--quality",
        metavar="Q",
        type=argument_types.quality,
        default=92,
        help="1-100 (default: 92), or source: a JPEG of a JPEG gets its quantisation tables",
    )
    parser.add_argument(
        "--lossless",
        action="store_true",
        help="cut JPEGs without decoding them, wherever that can be: the crop moves onto the grid of their "
        "blocks, by less than one; needs the library libturbojpeg",
    )
    parser.add_argument(
        "--keep-date",
        action="store_true",
        help="give files the photo's time of change, and tell when it was taken whatever --metadata says",
    )
    parser.add_argument(
        "--size",
        metavar="WxH|LONG|short:PX|12MP|10x15cm@PPI",
        help="exact size in pixels, the long or the short side, megapixels, or the size of a print "
        "with its pixels per inch (300 where none are given)",
    )
    parser.add_argument(
        "--metadata",
        choices=("all", "no-location", "none"),
        default="all",
        help="what of the photo's metadata the files keep (default: all)",
    )
    add_common(parser)


def add_train(commands: Commands, run: Run) -> None:
    """Add the command to the parser; ``run`` carries it out."""
    parser = command(
        commands,
        "train",
        run,
        "train a method's weights",
        "Train one method on annotated photos and write its weights and their record.",
        "cropcore train joint --data data/ --out runs/joint --cv 5 --resume\n"
        "  cropcore train gaic --recipe paper --data GAICD/ --out runs/gaic --device cuda\n"
        "  torchrun --nproc_per_node 4 -m cropcore.cli train sfrc --recipe paper --data GAICD/ \\\n"
        "      --out runs/sfrc --set sfrc.attention=false\n"
        "  cropcore train sfrc --data data/ --encoder runs/joint --out runs/joint --cv 5\n"
        "  cropcore train cascade --data data/ --out runs/joint --cv 5\n"
        "  cropcore train gaic --data data/ --out gaic.safetensors --folds 1,2,3,4",
    )
    parser.add_argument(
        "method",
        metavar="METHOD",
        help="joint (the encoder with gaic, asm and saliency), or one head: gaic, asm, saliency, "
        "mars, sfrc, setpred; or cascade, the rule that joins the cross-validated methods of --out",
    )
    parser.add_argument(
        "--recipe",
        choices=("shipped", "paper"),
        default="shipped",
        help="how to train: as the shipped weights, or to the letter of the paper",
    )
    parser.add_argument(
        "--data", metavar="DIR", type=Path, required=True, help="folder of the data"
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        required=True,
        help="weights to write (.safetensors), or their folder",
    )
    parser.add_argument(
        "--split",
        choices=SPLITS,
        default="train",
        help="of a published data set: which photos to train on (default: train); its validation photos "
        "give a figure each epoch, by which the best one is kept",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--folds",
        metavar="1,2,3,4",
        type=argument_types.folds,
        help="train on these folds (default: all)",
    )
    which.add_argument(
        "--cv",
        metavar="5",
        type=argument_types.whole(2, 5),
        help="cross-validate: train once per fold left out",
    )
    parser.add_argument(
        "--encoder",
        metavar="FILE",
        type=Path,
        help="encoder weights to start from (with --cv for a head: the folder of a joint run); by default "
        "torchvision's ImageNet weights of the recipe's trunk are downloaded",
    )
    parser.add_argument(
        "--set",
        metavar="FIELD=VALUE",
        action="append",
        default=[],
        help="change a field of the recipe, such as epochs=2 or sfrc.mask=false; may be given several "
        "times",
    )
    parser.add_argument(
        "--device",
        type=argument_types.device,
        metavar="{auto,cpu,cuda,cuda:N,mps}",
        default="cpu",
        help="where to compute; cuda under torchrun is for each process the card of its local rank "
        "(default: cpu)",
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    add_json(parser)


def add_evaluate(commands: Commands, run: Run) -> None:
    """Add the command to the parser; ``run`` carries it out."""
    parser = command(
        commands,
        "eval",
        run,
        "measure methods against what people said",
        "Measure methods on annotated photos, by every metric that the labels allow, with 95 % "
        "bootstrap intervals.",
        "cropcore eval train.json --images images/ --method all --fold 0\n"
        "  cropcore eval train.json --images images/ --method gaic --method baselines --json -\n"
        "  cropcore eval --data GAICD/ --layout gaicd --split test --weights runs/gaic",
    )
    parser.add_argument("annotations", metavar="ANNOTATIONS.json", type=Path, nargs="?")
    parser.add_argument("--images", metavar="DIR", type=Path, help="folder of the photos")
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="a published data set as its archive unpacks, in place of an annotation file; the paper's "
        "own table is printed",
    )
    parser.add_argument(
        "--layout",
        choices=LAYOUTS,
        help="whose layout --data has (default: recognised by its files)",
    )
    parser.add_argument(
        "--split", choices=SPLITS, help="of --data: which photos to measure (default: test)"
    )
    parser.add_argument(
        "--method",
        metavar="NAME|all|baselines",
        action="append",
        help="what to measure; may be given several times (default: the engine's best method)",
    )
    parser.add_argument(
        "--fold",
        type=int,
        choices=range(5),
        help="only the photos of this fold, by the MD5 of their names",
    )
    parser.add_argument(
        "--weights",
        metavar="DIR",
        type=Path,
        help="other weights than the shipped ones; a folder that `train --cv` made judges each "
        "photo by the weights that never saw it",
    )
    add_common(parser)


def add_batch(commands: Commands, run: Run) -> None:
    """Add the command to the parser; ``run`` carries it out."""
    parser = command(
        commands,
        "batch",
        run,
        "crop many photos and whole folders by a preset",
        "Crop every photo by a preset: the name of a shipped or saved one, a preset's file, or simply "
        "an aspect such as 4:5. Folders are searched with all that is in them. Originals and existing "
        "files are never changed; a batch that was stopped goes on with --resume.",
        "cropcore batch instagram-4x5 photos/ --out crops/ --report report/\n"
        "  cropcore batch 16:9 photos/ more/*.jpg --out crops/ --resume\n"
        "  cropcore batch my-preset.json photos/ --out crops/ --json batch.json\n"
        "  cropcore batch 4:5 s3://photos/2026 --out s3://crops/2026 --cluster tcp://10.0.0.5:8786",
    )
    parser.add_argument("preset", metavar="PRESET", help="name, file or aspect")
    parser.add_argument(
        "photos",
        metavar="PATH",
        type=place_of,
        nargs="+",
        help="a photo, or a folder of photos; URLs such as s3://bucket/folder too",
    )
    parser.add_argument(
        "--out",
        metavar="DIR|URL",
        type=place_of,
        required=True,
        help="folder to export to, or s3://bucket/folder",
    )
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS|local:N",
        help="do it by the workers of a dask scheduler, or by N processes here; photos and DIR are on "
        "disks that all of them share, or in a store",
    )
    parser.add_argument(
        "--journal",
        metavar="DIR",
        type=Path,
        help="folder for the journal of a batch into a store, by which it goes on (default: one of the "
        "user's data folder)",
    )
    parser.add_argument(
        "--resume", action="store_true", help="leave out what an earlier batch into --out finished"
    )
    parser.add_argument(
        "--report",
        metavar="DIR",
        type=Path,
        help="write report.html and report.json to this folder",
    )
    add_sidecar(parser)
    add_common(parser)


def add_maps(commands: Commands, run: Run) -> None:
    """Add the command to the parser; ``run`` carries it out."""
    parser = command(
        commands,
        "maps",
        run,
        "write the maps that explain the crops",
        "Write each map of each photo as a picture, over the grey photo, and as an array: "
        "{name}_{map}.png, {name}_{map}_overlay.png and {name}_{map}.npy. Existing files are never "
        "changed.",
        "cropcore maps photo.jpg --out maps/\n"
        "  cropcore maps photo.jpg --map saliency --out maps/ --json maps.json",
    )
    add_photos(parser)
    parser.add_argument(
        "--aspect",
        metavar="A",
        type=argument_types.aspect,
        default=Aspect("original"),
        help=f"for the maps that depend on it: {ASPECTS} (default: original)",
    )
    parser.add_argument(
        "--map", metavar="NAME", action="append", help="only this map; may be given several times"
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder to write to")
    add_common(parser)


def add_bench(commands: Commands, run: Run) -> None:
    """Add the command to the parser; ``run`` carries it out."""
    parser = command(
        commands,
        "bench",
        run,
        "measure how fast it is here",
        "Time the engine on this machine, each row side by side with what one would use instead: "
        "medians after warm-up. smartcrop.py and libvips stand beside it where they are installed "
        "(pip install 'cropsight[bench]').",
        "cropcore bench --quick\n  cropcore bench --device cpu --json bench.json",
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer repeats, under two minutes on two cores"
    )
    parser.add_argument("--plot", type=Path, metavar="DIR", help="draw there as SVG how times grow")
    add_common(parser)


def add_export(commands: Commands, run: Run) -> None:
    """Add the command to the parser; ``run`` carries it out."""
    parser = command(
        commands,
        "export",
        run,
        "export weights as graphs that run without torch",
        "Write the networks of a folder of weights as ONNX graphs beside them, and the graphs' digests "
        "into their records. The graphs read their weights from the files that are there. Without them "
        "weights are computed by torch.",
        "cropcore export --weights runs/joint/fold0",
    )
    parser.add_argument(
        "--weights",
        metavar="DIR",
        type=Path,
        help="the folder of weights (default: the shipped one)",
    )
    add_json(parser)
