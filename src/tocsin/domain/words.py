"""The words that check words are made of: 256 and 256, short, plain, and told apart on the telephone."""

_ADJECTIVES = """
    amber ample ashen azure balmy basic beige bland blue bold brave brief bright brisk broad bronze brown busy calm
    candid careful cheery chief chilly civil clean clear clever close cloudy cobalt comic coral cosy cream crimson
    crisp cubic curly dainty dapper daring dawn deep dense direct distant dizzy double downy drowsy dry dusky dusty
    eager early earnest easy ebony elfin empty even exact extra faint fair fancy fast fellow fine firm first fleet
    floral fluent fond formal frank free fresh frosty fuzzy gentle giant gilded glad gleaming glossy golden good
    grand grassy grave great green grey happy hardy hasty hazel hearty hidden high hollow homely honest humble icy
    ideal indigo inland inner ivory jade jolly jovial joyful keen kind large late lavender leafy lean light lilac
    lime lively local lofty lone long loud loyal lucid lucky lunar magenta major maple marble maroon marsh mauve
    mellow merry mild milky minor minty misty modern modest moral mossy muted narrow neat nimble noble northern
    oaken oblong ochre olive open orange orderly ornate outer oval pale paper patient peach pearly pine pink placid
    plain plucky plum polar polite prime proper proud purple quaint quick quiet rare ready regal rich ripe robust
    rocky rosy round royal ruby rural russet rustic sable salty sandy satin scarlet sepia serene shady sharp shiny
    short shy silent silky silver simple sincere single sleek slim slow smart smooth snowy social soft solar solid
    southern spare spicy spry square stable starry steady steep still stout sturdy subtle sunny swift tall tawny
    teal tender thrifty tidy timely tiny
"""

_ANIMALS = """
    adder albatross alpaca anchovy ant antelope ape auk barnacle bass bat bear beaver bee beetle bison bittern
    blackbird bobcat bream budgie buffalo bullfinch bunting bustard buzzard camel canary caribou carp caterpillar
    cheetah chickadee chipmunk cicada civet clam cobra cod coot corgi cormorant cougar cow crane crayfish crow
    cuckoo curlew dabchick dace damselfly deer dingo dipper dodo dog dolphin donkey dormouse dragonfly duck dunlin
    dunnock eagle earwig eel egret eider elk ermine falcon ferret finch flounder fly fox frog fulmar gannet gazelle
    gecko gerbil gibbon giraffe gnu godwit goldfinch gopher goshawk greenfinch grouse gudgeon gull guppy haddock
    hake halibut hamster hare harrier hawk hedgehog herring hippo hobby hoopoe hornet horse hound ibex ibis impala
    jackal jackdaw jaguar jay kite kiwi koala koi krill lamb lapwing lark lemming lemur leopard limpet lion lizard
    llama lobster locust loon lynx mackerel magpie mallard marlin marmot marten martin minnow mole moorhen moose
    mule narwhal newt nightingale nuthatch ocelot octopus okapi oriole osprey ostrich otter owl ox oyster panda
    panther partridge pelican penguin perch pheasant pigeon pika pike pipit platypus plover pony poodle porcupine
    porpoise possum prawn puffin puma python quail quokka raccoon raven redstart reindeer robin rook ruff salmon
    sandpiper sardine scallop seal serval shark sheep shrew shrike shrimp siskin skate skink skua skunk skylark
    sloth smelt snail sole sparrow spider sprat squid starfish starling stoat stork sturgeon swallow swan tapir
    tench termite tern terrapin thrush tiger toad tortoise toucan tuna turkey turtle viper vole vulture wagtail
    walrus warbler wasp weasel whale wheatear whimbrel whippet wigeon wolf woodcock wren yak zebra
"""

COLOURS_AND_TEMPERS = tuple(_ADJECTIVES.split())
CREATURES = tuple(_ANIMALS.split())
