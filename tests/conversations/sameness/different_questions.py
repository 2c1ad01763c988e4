"""Pairs of questions that look alike and ask for different things, by the rule that must see it."""

DIFFERENT = {
    "numbers": """
        How big is a baby at 35 weeks? | How big is a baby at 37 weeks?
        How big is a baby at thirty five weeks? | How big is a baby at thirty seven weeks?
        What happened in 1989? | What happened in 1998?
        Who won the World Cup in 2014? | Who won the World Cup in 2018?
        What is 12 times 14? | What is 12 times 15?
        Convert 100 dollars to euros | Convert 1,000 dollars to euros
        What is the square root of 81? | What is the square root of 18?
        How many grams are in 2 cups of flour? | How many grams are in 3 cups of flour?
        What's on channel 5? | What's on channel 7?
        What is the 2nd amendment? | What is the 5th amendment?
        What is the second amendment? | What is the fifth amendment?
        Is an iPhone 12 worth buying? | Is an iPhone 13 worth buying?
        Who was the 16th president? | Who was the 18th president?
        What is a B12 deficiency? | What is a B6 deficiency?
        Set a timer for ten minutes | Set a timer for twenty minutes
        What is 15 percent of 80? | What is 80 percent of 15?
        When does flight 417 leave? | When does flight 471 leave?
        How do I get a six pack in 30 days? | How do I get a six pack in 60 days?
        What is the plot of chapter 3? | What is the plot of chapter 4?
        How tall is 5 foot 11 in centimetres? | How tall is 6 foot 1 in centimetres?
        What does error 404 mean? | What does error 403 mean?
        How long do I roast 2 kilos of beef? | How long do I roast 2.5 kilos of beef?
        Is 120 over 80 good? | Is 140 over 90 good?
        How much is a hundred yen? | How much is two hundred yen?
        What is the boiling point at 3000 metres? | What is the boiling point at 300 metres?
        What is Windows 10? | What is Windows 11?
        What are the best films of 2015? | What are the best films of 2016?
    """,
    "names": """
        What is the capital of Austria? | What is the capital of Australia?
        Who is the president of France? | Who is the president of Finland?
        How old is Barack Obama? | How old is Michelle Obama?
        How far is Paris from Rome? | How far is Prague from Rome?
        What language do they speak in Niger? | What language do they speak in Nigeria?
        Who founded Microsoft? | Who founded Apple?
        What is the weather in London? | What is the weather in Lisbon?
        Who wrote Hamlet? | Who wrote Macbeth?
        What is the population of North Korea? | What is the population of South Korea?
        Is Java hard to learn? | Is JavaScript hard to learn?
        How do I cancel Netflix? | How do I cancel Spotify?
        When was Bach born? | When was Handel born?
        What is the GDP of India? | What is the GDP of Indonesia?
        When is Easter? | When is Ascension Day?
        What is the tallest building in Dubai? | What is the tallest building in Doha?
        Who plays Batman? | Who plays Superman?
        What does NASA do? | What does ESA do?
        What time is it in Sydney? | What time is it in Singapore?
        How do I get to Heathrow? | How do I get to Gatwick?
        Who is John Adams? | Who is John Quincy Adams?
        Does Tesla make trucks? | Does Toyota make trucks?
        Who is Maria's brother? | Who is Martha's brother?
        How is the traffic on Broadway? | How is the traffic on Lexington?
        What is the currency of Sweden? | What is the currency of Switzerland?
        How do Java and Python differ? | How do Java and Ruby differ?
        Is Berlin or Munich bigger? | Is Berlin or Hamburg bigger?
    """,
    "negation": """
        Is it safe to eat raw eggs? | Is it not safe to eat raw eggs?
        Which birds can fly? | Which birds can't fly?
        Why do cats purr? | Why don't cats purr?
        What can I eat with diabetes? | What can't I eat with diabetes?
        Which foods have gluten? | Which foods have no gluten?
        How do I start smoking? | How do I stop smoking?
        How do I cook rice with a lid? | How do I cook rice without a lid?
        Who was at the party? | Who was never at the party?
        Why is my computer starting? | Why isn't my computer starting?
        What should I do in an earthquake? | What shouldn't I do in an earthquake?
        How do I grow weeds? | How do I avoid weeds?
        Can I travel with a visa? | Can I travel without a visa?
        Which numbers are prime? | Which numbers are not prime?
        Are whales fish? | Aren't whales fish?
        How do I prevent a fire? | How do I make a fire?
        Why did nobody come? | Why did people come?
        Is there a doctor here? | Is there no doctor here?
        What happens if I sleep? | What happens if I never sleep?
        Which of these is neither red nor green? | Which of these is red or green?
        How do I get into debt? | How do I avoid debt?
        When is the shop open? | When is the shop not open?
        Do I need a licence? | Don't I need a licence?
    """,
    "direction": """
        How big is a wine glass? | How big is a glass of wine?
        How do I send money from India to the US? | How do I send money from the US to India?
        how do i send money from india to the us | how do i send money from the us to india
        Flights from Rome to Paris | Flights from Paris to Rome
        How do I convert euros to dollars? | How do I convert dollars to euros?
        Did Rome defeat Carthage? | Did Carthage defeat Rome?
        Is a dog bigger than a cat? | Is a cat bigger than a dog?
        Translate from German to English | Translate from English to German
        Does smoking cause stress? | Does stress cause smoking?
        How do I copy from phone to laptop? | How do I copy from laptop to phone?
        What does a train cost over a bus? | What does a bus cost over a train?
        Is Mary the mother of Jane? | Is Jane the mother of Mary?
        How much do I owe Tom? | How much does Tom owe me?
        Can a lion beat a tiger? | Can a tiger beat a lion?
        How do I turn a PDF into a Word file? | How do I turn a Word file into a PDF?
        Why does Anna like Ben? | Why does Ben like Anna?
        Is gold heavier than lead? | Is lead heavier than gold?
        How many feet are in a mile? | How many miles are in a foot?
        What is the train from Basel to Bern? | What is the train from Bern to Basel?
        Does the earth go round the sun? | Does the sun go round the earth?
        How do I change my name to Smith? | How do I change Smith to my name?
        Did the teacher call the student? | Did the student call the teacher?
        Is the letter from Ann? | Is the letter to Ann?
        Is the gift for Ann? | Is the gift by Ann?
        Are doctors richer than lawyers? | Are lawyers richer than doctors?
        What are the best books for children? | What are the best books about children?
        Is it better to rent or buy? | Is it better to rent than buy?
        What is the way from Rome to Paris? | What is the way from Paris to Rome?
        Can a cat or a dog eat a mouse? | Can a mouse eat a cat or a dog?
    """,
    "comparison": """
        Who is the tallest man alive? | Who is the taller man alive?
        What is the best phone? | What is the worst phone?
        Which is the most expensive city? | Which is the least expensive city?
        Who has more money? | Who has less money?
        What comes before breakfast? | What comes after breakfast?
        What is the oldest bank? | What is the newest bank?
        Who was the first man on the moon? | Who was the last man on the moon?
        How do I turn the heating up? | How do I turn the heating down?
        How do I turn it on? | How do I turn it off?
        Which planets are above us? | Which planets are below us?
        How many people came? | How much people came?
        Is it better to rent? | Is it worse to rent?
        What is the next train? | What is the previous train?
        Which is the same word? | Which is the other word?
        Do all birds fly? | Do some birds fly?
        What is the smallest country? | What is the largest country?
        What is the cheapest flight? | What is the fastest flight?
        How do I get in? | How do I get out?
        Is a little sugar bad? | Is a lot of sugar bad?
        Which car is faster? | Which car is slower?
        Is it too much salt? | Is it enough salt?
        What is half of it? | What is double of it?
    """,
    "asked": """
        Tell me a joke | What is a joke?
        Where was Mozart born? | When was Mozart born?
        Who is a notary? | What is a notary?
        Why do I meditate? | How do I meditate?
        When does the train leave? | Where does the train leave?
        How do plants grow? | Why do plants grow?
        What did she sing? | Where did she sing?
        Who called? | Why called?
        What is Python? | Why is Python?
        How is a lock opened? | When is a lock opened?
        Where is the meeting? | What is the meeting?
        Who owns this house? | How owns this house?
        What is the use of tax? | Who is the use of tax?
        When do we eat? | What do we eat?
        Why was the bridge built? | When was the bridge built?
        Is it raining? | Why is it raining?
        Does he sleep? | Where does he sleep?
        How can I fly? | Can I fly?
        What is running? | Who is running?
        Where do penguins live? | How do penguins live?
        Who should pay? | When should pay?
        How can I be a doctor? | What is it like to be a doctor?
        What is the meaning of life? | How is life?
        What happens when you sneeze? | Why do you sneeze?
    """,
    "marks": """
        Who invented C? | Who invented C++?
        How do I learn C#? | How do I learn C++?
        What are some of the best books for learning C++? | What are good books for learning C?
        What is 5 + 3? | What is 5 - 3?
        What is 8 / 2? | What is 8 * 2?
        What is 2^8? | What is 2*8?
        What is 7! | What is 7?
        What is √16? | What is 16?
        What is -5 plus 8? | What is 5 plus 8?
        Is it freezing at -2 degrees? | Is it freezing at 2 degrees?
        Is 3 > 5? | Is 3 < 5?
        Can O- blood be given to anyone? | Can O+ blood be given to anyone?
        How much is Disney+? | How much is Disney?
        What is .net? | What is net?
        What does 😀 mean? | What does 😢 mean?
        What does :) mean? | What does :( mean?
        What does && mean? | What does & mean?
    """,
    "aspect": """
        Is the bridge closing? | Is the bridge closed?
        Is the museum open? | Is the museum opening?
        Did Napoleon invade? | Was Napoleon invaded?
        Do lions hunt? | Are lions hunted?
        Has Liverpool played? | Is Liverpool playing?
        Is the ice melting? | Is the ice melted?
    """,
    "article": """
        Who is the president? | Who is a president?
        How long is the office? | How long is an office?
        How long is a second? | How long is the second?
        Who are the Doors? | Who are doors?
    """,
    "time": """
        Who is the president? | Who was the president?
        Does it rain? | Did it rain?
        Do I win? | Will I win?
        What is the price? | What was the price?
        Is the shop open? | Was the shop open?
        Where do we meet? | Where did we meet?
        What happens in Berlin? | What will happen in Berlin?
        Are there lions in Greece? | Were there lions in Greece?
        How is the weather? | How was the weather?
        Who plays? | Who will play?
        What do I eat? | What did I eat?
        What is the weather tomorrow? | What is the weather yesterday?
        Does the bank lend money? | Did the bank lend money?
        Is she famous? | Will she be famous?
        Do dinosaurs exist? | Did dinosaurs exist?
        Are taxes high? | Will taxes be high?
        How long does it take to learn piano? | How long did it take to learn piano?
        What happens when a star dies? | What happened when the star died yesterday?
    """,
    "leave": """
        Can I take aspirin with wine? | Should I take aspirin with wine?
        Must I file a return? | Can I file a return?
        Should I buy a house? | Can I buy a house?
        Can children drink coffee? | Should children drink coffee?
        Should we sell? | Must we sell?
        Can I wake a sleepwalker? | Should I wake a sleepwalker?
        May dogs eat grapes? | Should dogs eat grapes?
        Can you drink rain? | Do you drink rain?
        Do I bring a towel? | Must I bring a towel?
        Should a baby sleep alone? | Does a baby sleep alone?
        Do cars stop here? | Must cars stop here?
        Should I lie? | Do I lie?
        Can birds smell? | Do birds smell?
        Should robots vote? | Can robots vote?
        Where do I live? | Where should I live?
    """,
    "persons": """
        Where do you live? | Where do I live?
        Do you like music? | Do I like music?
        Can you die? | Can I die?
        How do you feel? | How do I feel?
        How do you work? | How do I work?
        What languages do you speak? | What languages do I speak?
        What is my name? | What is your name?
        Where are you from? | Where am I from?
        What is your favourite colour? | What is my favourite colour?
        How old is he? | How old is she?
        Who is her father? | Who is his father?
        Where do they live? | Where does it live?
        Tell me about yourself | Tell me about myself
        What do you think of me? | What do they think of me?
        Is this yours? | Is this mine?
        How do I reach them? | How do I reach him?
        What did my doctor say? | What did your doctor say?
        What is our plan? | What is their plan?
        Who made you? | Who made it?
        When is my birthday? | When is your birthday?
        How do I get my number? | How do I get your number?
        How do I make him love me? | How do I make him love?
        What happens if I lose my job? | What happens if she loses my job?
    """,
    "content": """
        How many calories are in few eggs? | How many calories are in a few eggs?
        What is 20% of 50? | What is $20 of 50?
        How much is €50 in yen? | How much is $50 in yen?
        How tall is 5' 10"? | How tall is 5' 10'?
        How do I find out when the train leaves? | How do I find out if the train leaves?
        What is your top speed? | What is your best speed?
        How do I boil an egg? | How do I fry an egg?
        What is a mortgage? | What is a lease?
        Why is the sky blue? | Why is the sea blue?
        What is the symbol of gold? | What is the price of gold?
        How do I delete a photo? | How do I share a photo?
        What does a nurse do? | What does a nurse earn?
        How do vaccines work? | How do magnets work?
        What is inflation? | What is deflation?
        Can dogs eat grapes? | Can dogs eat apples?
        How do I open an account? | How do I close an account?
        Is coffee healthy? | Is coffee popular?
        How do I tie a tie? | How do I tie a bow?
        What are symptoms of flu? | What are causes of flu?
        Is it going to rain? | Is it going to snow?
        Who invented the telephone? | Who invented the telegraph?
        How do I learn to swim? | How do I learn to surf?
        What is the male lead called? | What is the female lead called?
        How do I increase my rent? | How do I lower my rent?
        What is the left button for? | What is the right button for?
        How do I import data? | How do I export data?
        What is a hurricane? | What is a tornado?
        How do I buy shares? | How do I sell shares?
        Where is the nearest pharmacy? | Where is the nearest bakery?
        How long is a marathon? | How hard is a marathon?
        What does it cost to build a house? | What does it take to build a house?
        What is the meaning of life? | What is the definition of life?
        How much does gold cost? | How much does silver cost?
        What are good fats? | What are bad fats?
        Is there a way to lose weight? | Is there a way to gain weight?
        What is the difference between cats and dogs? | What is the likeness between cats and dogs?
        How is coffee different from tea? | How is coffee made from tea?
        How do I make my bed? | How do I build my bed?
        What does it feel like to be rich? | What does it feel like to be famous?
        What are the best movies of all time? | What are the worst movies of all time?
    """,
}

SAME = """
    How do I lose weight? | What is the best way to lose weight?
    What's the capital of France? | what is the capital of france
    How can I learn Python? | How do I learn Python
    Can you tell me who wrote Hamlet? | who wrote hamlet
    How many weeks are in a year? | How many weeks are there in a year?
    Why is the sky blue? | How come the sky is blue?
    What time does the museum open? | When does the museum open?
    How do you boil an egg? | How does one boil eggs?
    Please tell me how vaccines work | How do vaccines work?
    What are the reasons why cats purr? | Why do cats purr?
    How many days are in thirty seven weeks? | How many days are in 37 weeks?
    Is it possible to fly to Mars? | Can I fly to Mars?
    What exactly is inflation? | What is inflation?
    Um, what is a mortgage? | What is a mortgage?
    What is the fastest animal? | Which is the fastest animal?
    How should I start learning maths? | How can I begin learning mathematics?
    Do you know what photosynthesis is? | What is photosynthesis?
    What does a notary do? | what does a notary do please
    What is a good way to cook rice? | How do I cook rice?
    How do people make money online? | How can someone earn money online?
    Hey, who painted the Mona Lisa? | Who painted the Mona Lisa
    I would like to know how engines work | How do engines work?
    What is the difference between bees and wasps? | What's the difference between wasps and bees?
    How are bees different from wasps? | What are the differences between bees and wasps?
    How does a crow differ from a raven? | What is the main difference between a crow and a raven?
    Which is faster, a train or a plane? | Which is faster, a plane or a train?
    Who will win, Ann vs Bob? | Who will win, Bob or Ann?
    What happens if I eat expired yogurt? | What will happen when you eat expired yogurt?
    How long does it take to learn the piano? | How long will it take me to learn piano?
    What does it feel like to be rich? | What is it like being rich?
    How does it feel to win? | What does it feel like to win?
    What should I do to become a pilot? | How can I be a pilot?
    What do I need to do to get a visa? | How do I get a visa?
    What are the steps to start a company? | How do I start a company?
    How do I go about learning Spanish? | How do I learn Spanish?
    What does inflation mean? | What is the meaning of inflation?
    How much does it cost to build a house? | What is the cost of building a house?
    How much does a passport cost? | What is the price of a passport?
    What are some good horror movies? | What are the best horror films?
    What is the tallest building in the world? | What is the tallest building?
    What is the best film of all time? | What is the best movie ever?
    How do I get rid of ants? | How can I remove ants?
    How do I wash my car? | How do I wash a car?
    Is there a way to see old posts? | Is it possible to see old posts?
    Does anyone know who wrote Hamlet? | Who wrote Hamlet?
    Could someone please explain how vaccines work? | How do vaccines work?
    Why is it that cats purr? | Why do cats purr?
    Why is the sea so salty? | Why is the sea salty?
    What are the benefits of yoga? | What are the advantages of yoga?
    Where can I buy cheap furniture? | Where do I buy cheap furniture?
    How far is the sun? | How far away is the sun?
    Who was it that invented the telephone? | Who invented the telephone?
    How much water should I drink a day? | How much water should I drink per day?
    Tell me the capital of Portugal | What is the capital of Portugal?
    What's Portugal's capital? | What is the capital city of Portugal?
    Explain gravity | What is gravity?
    Can you define photosynthesis? | What is photosynthesis?
    What is 20% of 150? | What is 20 percent of 150?
    How much is $20 in euros? | How much is 20 dollars in euros?
    In what year did the war end? | When did the war end?
    How tall is the Eiffel Tower? | What is the height of the Eiffel Tower?
    How far is Rome from Paris? | What is the distance between Paris and Rome?
    How many calories does a banana have? | How many calories are in a banana?
    How much does an elephant weigh? | What is the weight of an elephant?
    What is the fastest way to lose weight? | How do I lose weight fast?
    How do I delete my account permanently? | How can I permanently delete my account?
    Which Game of Thrones episode is the best? | What is the best Game of Thrones episode ever?
    What are some good books for learning Python? | What is the best book to learn Python?
    How can I tell if a melon is ripe? | How do I know whether a melon is ripe?
    What is the biggest animal on earth? | What is the largest animal in the world?
    What should I do if my phone gets wet? | What do I do if my phone gets wet?
    How do I get my ex-girlfriend back? | How do I get my ex girlfriend back?
    How is a crocodile different from an alligator? | How are alligators different from crocodiles?
    Where is Timbuktu located? | Where is Timbuktu?
    Is smoking bad for you? | Is smoking bad for your health?
"""
